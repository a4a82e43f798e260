/** Firefox without a window, driven by WebDriver BiDi. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeProfile, startBrowser } from "./process.mjs";
import { Protocol } from "./protocol.mjs";

/** Nothing of its own on the network, no questions, no slow-script warnings. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.discovery.enabled": false,
  "browser.safebrowsing.blockedURIs.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.safebrowsing.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.ipc.processPrelaunch.enabled": false,
  "dom.max_script_run_time": 0,
  "extensions.update.enabled": false,
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.unified": false,
};

/** What the browser's own process runs to make all pages and workers collect their garbage. */
const COLLECT = `() => {
  for (const topic of ["child-gc-request", "child-cc-request", "child-gc-request"]) {
    Services.obs.notifyObservers(null, topic);
  }
}`;

/**
 * Opens `url`.
 *
 * @param {string} program
 * @param {string} url
 * @param {(text: string) => void} onMessage Console output.
 * @returns {Promise<{collectGarbage(): Promise<void>, stop(): Promise<void>}>}
 */
export async function openInFirefox(program, url, onMessage) {
  const profile = makeProfile();
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const args = ["--headless", "--no-remote", "--profile", profile];
  args.push("--remote-debugging-port", "0", "--remote-allow-system-access");
  const pattern = /WebDriver BiDi listening on (ws:\S+)/;
  const browser = await startBrowser(program, args, profile, pattern);
  try {
    const protocol = await openPage(browser.address, url, onMessage);
    return { ...browser, collectGarbage: () => collectGarbage(protocol) };
  } catch (error) {
    await browser.stop();
    throw error;
  }
}

async function openPage(address, url, onMessage) {
  const protocol = await Protocol.connect(`${address}/session`, (method, params) => {
    if (method === "log.entryAdded") {
      onMessage(params.text);
    }
  });
  await protocol.send("session.new", { capabilities: {} });
  await protocol.send("session.subscribe", { events: ["log.entryAdded"] });
  const { contexts } = await protocol.send("browsingContext.getTree");
  const [{ context }] = contexts;
  await protocol.send("browsingContext.navigate", { context, url, wait: "none" });
  return protocol;
}

async function collectGarbage(protocol) {
  const tree = await protocol.send("browsingContext.getTree", { "moz:scope": "chrome" });
  const [{ context }] = tree.contexts;
  const target = { context };
  const options = { functionDeclaration: COLLECT, awaitPromise: false, target };
  const { type, exceptionDetails } = await protocol.send("script.callFunction", options);
  if (type === "exception") {
    throw new Error(`cannot collect garbage: ${exceptionDetails.text}`);
  }
}
