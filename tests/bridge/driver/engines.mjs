/** The engines by name, and how a plan is run in each. */

import { openInChromium } from "./chromium.mjs";
import { openInFirefox } from "./firefox.mjs";
import { openInNode } from "./node.mjs";
import { serve } from "./server.mjs";

/** The programs of the build, as tests/CMakeLists.txt hands them over. */
function programs() {
  const [node24, node26] = (process.env.COIL_NODES ?? process.execPath).split(":");
  const { COIL_CHROMIUM: chromium = "chromium", COIL_FIREFOX: firefox = "firefox-esr" } =
    process.env;
  return { node24, node26: node26 ?? node24, chromium, firefox };
}

const OPENERS = { chromium: openInChromium, firefox: openInFirefox };

export const ENGINES = [
  "node24",
  "node26",
  "chromium-page",
  "chromium-worker",
  "firefox-page",
  "firefox-worker",
];

/** What a plan says about its engine: {engine, host}. */
export function identityOf(name) {
  const [browser, host] = name.split("-");
  return host === undefined ? { engine: "node", host: "node" } : { engine: browser, host };
}

/**
 * Starts an engine on a plan.
 *
 * @param {string} name One of ENGINES.
 * @param {object} plan For harness/runner.mjs.
 * @param {{dist: string, tests: string}} folders
 * @param {boolean} isolated Whether pages are cross-origin isolated.
 * @param {(event: object) => void} onEvent
 * @param {(text: string) => void} onMessage
 * @returns {Promise<{stop(): Promise<void>}>}
 */
export async function start(name, plan, folders, isolated, onEvent, onMessage) {
  const { engine, host } = plan;
  let browser;
  const server = await serve({
    isolated,
    folders,
    calls: {
      "/plan": () => plan,
      "/report": (body) => onEvent(JSON.parse(body)),
      "/collect-garbage": () => browser.collectGarbage(),
    },
  });
  if (engine === "node") {
    const start = { plan, ...folders, server: server.origin };
    const node = openInNode(programs()[name], start, onEvent, onMessage);
    return { stop: () => node.stop().finally(server.close) };
  }
  const page = `${server.origin}/tests/bridge/harness/page.html${host === "worker" ? "?worker" : ""}`;
  try {
    browser = await OPENERS[engine](programs()[engine], page, onMessage);
  } catch (error) {
    server.close();
    throw error;
  }
  const stop = async () => {
    await browser.stop();
    server.close();
  };
  return { stop };
}
