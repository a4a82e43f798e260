/** Runs the server's plan in a page or in a worker: what page.html and page_worker.mjs share. */

import { runPlan } from "./runner.mjs";

async function post(path, body) {
  const response = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(`${path}: the driver answered ${response.status}`);
  }
}

export async function main() {
  const plan = await (await fetch("/plan")).json();
  const { origin } = globalThis.location;
  await runPlan(plan, {
    dist: `${origin}/dist/`,
    tests: `${origin}/tests/`,
    libraries: `${origin}/libraries/`,
    indexURL: `${origin}/dist/`,
    server: `${origin}/`,
    load: (file) => import(`${origin}/tests/${file}`),
    report: (event) => post("/report", event),
    collectGarbage: () => post("/collect-garbage", null),
  });
}

/** Tells the driver of an error outside of all tests. */
export function reportStray(reason) {
  const text = reason?.stack ?? reason?.message ?? String(reason);
  return post("/report", { kind: "stray", text });
}
