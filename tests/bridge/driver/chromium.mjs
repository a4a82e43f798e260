/** Chromium without a window, driven by its own debugging protocol. */

import { makeProfile, startBrowser } from "./process.mjs";
import { Protocol } from "./protocol.mjs";

const OPTIONS = [
  "--headless",
  "--no-sandbox", // which refuses to work for root
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
  // Pages and workers get gc().
  "--js-flags=--expose-gc",
];

/**
 * Opens `url`.
 *
 * @param {string} program
 * @param {string} url
 * @param {(text: string) => void} onMessage Console output and the end of the page's process.
 * @returns {Promise<{collectGarbage(): Promise<void>, stop(): Promise<void>}>}
 */
export async function openInChromium(program, url, onMessage) {
  const profile = makeProfile();
  const args = [...OPTIONS, `--user-data-dir=${profile}`, "about:blank"];
  const pattern = /DevTools listening on (ws:\S+)/;
  const browser = await startBrowser(program, args, profile, pattern);
  try {
    const collectGarbage = await openPage(browser.address, url, onMessage);
    return { ...browser, collectGarbage };
  } catch (error) {
    await browser.stop();
    throw error;
  }
}

/** Opens the page; returns what makes it and its workers collect their garbage. */
async function openPage(address, url, onMessage) {
  const sessions = new Set();
  const protocol = await Protocol.connect(address, (method, params) => {
    if (method === "Target.attachedToTarget" && params.targetInfo.type === "worker") {
      sessions.add(params.sessionId);
    } else if (method === "Target.detachedFromTarget") {
      sessions.delete(params.sessionId);
    }
    const text = textOf(method, params);
    if (text !== undefined) {
      onMessage(text);
    }
  });
  const { targetId } = await protocol.send("Target.createTarget", { url: "about:blank" });
  const attach = { targetId, flatten: true };
  const { sessionId } = await protocol.send("Target.attachToTarget", attach);
  for (const domain of ["Runtime", "Inspector", "Page"]) {
    await protocol.send(`${domain}.enable`, {}, { sessionId });
  }
  const workers = { autoAttach: true, waitForDebuggerOnStart: false, flatten: true };
  await protocol.send("Target.setAutoAttach", workers, { sessionId });
  sessions.add(sessionId);
  await protocol.send("Page.navigate", { url }, { sessionId });
  return async () => {
    for (const id of sessions) {
      await protocol.send("HeapProfiler.collectGarbage", {}, { sessionId: id });
    }
  };
}

function textOf(method, params) {
  if (method === "Runtime.consoleAPICalled") {
    return params.args.map((arg) => arg.value ?? arg.description ?? arg.type).join(" ");
  }
  if (method === "Runtime.exceptionThrown") {
    const { text, exception } = params.exceptionDetails;
    return `uncaught: ${exception?.description ?? text}`;
  }
  return method === "Inspector.targetCrashed" ? "the page's process crashed" : undefined;
}
