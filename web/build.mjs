/**
 * Bundles the loader and the command line into a distribution whose other files are already there.
 *
 *   node build.mjs --outdir=<dist> --bridge=<factory.mjs> --node-modules=<folder>
 *
 * The sizes and hashes of those files go into the bundles.
 */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const packageDescription = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8"));

const REQUIRED = ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];
/** Side modules of the standard library, with what they need. */
const LIBRARIES = ["_hashlib", "_ssl"].map((name) => `${name}.cpython-313-wasm32-emscripten.so`);
const OPTIONAL = [
  "python_stdlib_src.zip",
  "python_stdlib_test.zip",
  ...LIBRARIES,
  "libcoil_crypto.so",
];

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

/** Bundles that pages and programs load as modules. */
const MODULES = { coil: "index.ts", cli: "cli.ts", pyodide: "pyodide.ts" };

function bundle(nodeModules, bridge, dist) {
  const sources = join(import.meta.dirname, "src");
  const common = [
    "--bundle",
    "--platform=neutral",
    "--target=es2022",
    "--external:node:*",
    `--alias:coil-bridge=${bridge}`,
    "--legal-comments=none",
    "--minify-syntax",
    "--minify-whitespace",
    "--log-level=warning",
    `--define:COIL_MANIFEST=${JSON.stringify(manifestOf(dist))}`,
    `--define:COIL_VERSION=${JSON.stringify(packageDescription.version)}`,
    `--outdir=${dist}`,
  ];
  const esbuild = (...options) =>
    execFileSync(join(nodeModules, "@esbuild/linux-x64/bin/esbuild"), [...common, ...options], {
      stdio: "inherit",
    });
  const entries = Object.entries(MODULES).map(([name, file]) => `${name}=${join(sources, file)}`);
  esbuild("--format=esm", "--out-extension:.js=.mjs", ...entries);
  esbuild(
    "--format=iife",
    "--banner:js=(function(hostModule,hostFolder){",
    '--footer:js=})(typeof module==="object"?module:undefined,typeof __dirname==="string"?__dirname:undefined);',
    `pyodide=${join(sources, "pyodide_classic.ts")}`,
  );
}

function copyTypes(dist) {
  for (const name of ["pyodide.d.ts", "ffi.d.ts"]) {
    copyFileSync(join(import.meta.dirname, "types", name), join(dist, name));
  }
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
copyTypes(outdir);
makeLibraryFolders(outdir);
writeCommands(outdir);
copyFileSync(join(import.meta.dirname, "package.json"), join(outdir, "package.json"));
