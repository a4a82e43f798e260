/** The page that tests run in, or that starts the worker they run in. */

import { main, reportStray } from "./browser.mjs";

if (new URLSearchParams(location.search).has("worker")) {
  const worker = new Worker("./page_worker.mjs", { type: "module" });
  worker.addEventListener("error", (event) => {
    reportStray(event.message ?? "the worker's script could not be loaded");
  });
} else {
  main().catch(reportStray);
}
