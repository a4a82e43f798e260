/** The Node process that tests run in; the driver sends the plan. */

import { pathToFileURL } from "node:url";
import { runPlan } from "./runner.mjs";

const report = (event) =>
  new Promise((resolve, reject) => {
    process.send(event, (error) => (error ? reject(error) : resolve()));
  });

process.once("message", ({ plan, dist, libraries, tests, server }) => {
  const folderUrl = (folder) => `${pathToFileURL(folder).href}/`;
  const host = {
    dist: folderUrl(dist),
    tests: folderUrl(tests),
    libraries: folderUrl(libraries),
    indexURL: `${dist}/`,
    server: `${server}/`,
    load: (file) => import(folderUrl(tests) + file),
    report,
    collectGarbage: () => {
      throw new Error("start Node with --expose-gc");
    },
  };
  runPlan(plan, host).then(
    () => process.disconnect(),
    (error) => report({ kind: "stray", text: error.stack }),
  );
});
