/**
 * Bundles the JavaScript side of the bridge into one function.
 *
 *   node build.mjs --out=<factory.mjs> --node-modules=<folder>
 *
 * The modules keep their state at the top level, which engines are quickest with; wrapped in a
 * function, each interpreter gets its own. The function's parameter is what finalizers.ts names.
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { out: { type: "string" }, "node-modules": { type: "string" } },
});
const { out, "node-modules": nodeModules } = values;
if (!out || !nodeModules) {
  throw new Error("usage: node build.mjs --out=<factory.mjs> --node-modules=<folder>");
}
const options = [
  "--bundle",
  "--format=iife",
  "--global-name=bridge",
  "--platform=neutral",
  "--target=es2022",
  "--legal-comments=none",
  "--log-level=warning",
  join(import.meta.dirname, "js/index.ts"),
];
const esbuild = join(nodeModules, "@esbuild/linux-x64/bin/esbuild");
const bundle = execFileSync(esbuild, options, { encoding: "utf8" });
writeFileSync(out, `export function createBridge(outside) {\n"use strict";\n${bundle}return bridge;\n}\n`);
