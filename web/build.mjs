/**
 * Bundles the loader and the command line into a distribution whose other files are already there.
 *
 *   node build.mjs --outdir=<dist> --bridge=<factory.mjs> --node-modules=<folder>
 *
 * The sizes and hashes of those files go into the bundles.
 */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const REQUIRED = ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];
const OPTIONAL = ["python_stdlib_src.zip", "python_stdlib_test.zip"];

/** Not in the sources: Node takes a script without suffix for CommonJS everywhere, since 18. The
 * status is that of cli.ts for an interpreter that died. */
const COMMAND = `#!/usr/bin/env node
"use strict";
import("../cli.mjs").then(
  (cli) => cli.main(),
  (error) => {
    console.error("coil: the distribution is damaged: " + error.message);
    process.exit(134);
  },
);
`;

function recordOf(file) {
  const bytes = readFileSync(file);
  return { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function manifestOf(dist) {
  const present = OPTIONAL.filter((name) => existsSync(join(dist, name)));
  return Object.fromEntries(
    [...REQUIRED, ...present].map((name) => [name, recordOf(join(dist, name))]),
  );
}

function bundle(nodeModules, bridge, dist) {
  const sources = join(import.meta.dirname, "src");
  const options = [
    "--bundle",
    "--format=esm",
    "--platform=neutral",
    "--target=es2022",
    "--external:node:*",
    `--alias:coil-bridge=${bridge}`,
    "--legal-comments=none",
    "--minify-syntax",
    "--minify-whitespace",
    "--out-extension:.js=.mjs",
    "--log-level=warning",
    `--define:COIL_MANIFEST=${JSON.stringify(manifestOf(dist))}`,
    `--outdir=${dist}`,
    `coil=${join(sources, "index.ts")}`,
    `cli=${join(sources, "cli.ts")}`,
  ];
  execFileSync(join(nodeModules, "@esbuild/linux-x64/bin/esbuild"), options, { stdio: "inherit" });
}

/** The parts of the standard library's folder that are on disk and not in the archive. */
function makeLibraryFolders(dist) {
  for (const name of ["lib-dynload", "site-packages"]) {
    mkdirSync(join(dist, "lib/python3.13", name), { recursive: true });
  }
}

function writeCommands(dist) {
  const folder = join(dist, "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "coil"), COMMAND);
  chmodSync(join(folder, "coil"), 0o755);
  rmSync(join(folder, "python"), { force: true });
  symlinkSync("coil", join(folder, "python"));
}

const { values } = parseArgs({
  options: {
    outdir: { type: "string" },
    bridge: { type: "string" },
    "node-modules": { type: "string" },
  },
});
const { outdir, bridge, "node-modules": nodeModules } = values;
if (!outdir || !bridge || !nodeModules) {
  throw new Error(
    "usage: node build.mjs --outdir=<dist> --bridge=<factory.mjs> --node-modules=<folder>",
  );
}
bundle(nodeModules, bridge, outdir);
makeLibraryFolders(outdir);
writeCommands(outdir);
writeFileSync(
  join(outdir, "package.json"),
  readFileSync(join(import.meta.dirname, "package.json")),
);
