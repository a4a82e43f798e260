/** A small web server for the distribution, the tests and their requests, on a port of its own. */

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { answerHttp } from "./http_service.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
  ".whl": "application/zip",
  ".zip": "application/zip",
};

/** What makes a page cross-origin isolated, so that it has SharedArrayBuffer. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/**
 * Starts to serve on 127.0.0.1.
 *
 * @param {object} options
 * @param {Record<string, string>} options.folders Folder of the disk for each first part of a path.
 * @param {Record<string, (body: string) => unknown>} [options.calls] For each path, what answers it
 *   instead of a file; the answer is sent as JSON.
 * @param {boolean} [options.isolated] Whether pages are cross-origin isolated.
 * @returns {Promise<{origin: string, close(): void}>}
 */
export async function serve({ folders, calls = {}, isolated = false }) {
  const server = createServer((request, response) => {
    if (answerHttp(request, response)) {
      return;
    }
    const { pathname } = new URL(request.url, "http://localhost");
    const headers = { "Cache-Control": "no-store", ...(isolated ? ISOLATION : {}) };
    const call = calls[pathname];
    const answered = call
      ? answer(call, request, response, headers)
      : sendFile(fileOf(folders, pathname), response, headers);
    answered.catch((error) => response.writeHead(500, headers).end(String(error)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(call, request, response, headers) {
  const chunks = await Array.fromAsync(request);
  const result = await call(Buffer.concat(chunks).toString());
  response.writeHead(200, { ...headers, "Content-Type": TYPES[".json"] });
  response.end(JSON.stringify(result ?? null));
}

/** The file that a path names; undefined for one outside of the folders. */
function fileOf(folders, pathname) {
  const [, first, ...rest] = normalize(decodeURIComponent(pathname)).split("/");
  return Object.hasOwn(folders, first) ? join(folders[first], ...rest) : undefined;
}

async function sendFile(file, response, headers) {
  const found = file && (await stat(file).catch(() => undefined));
  if (!found?.isFile()) {
    response.writeHead(404, headers).end("no such file");
    return;
  }
  response.writeHead(200, {
    ...headers,
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
    "Content-Length": found.size,
  });
  createReadStream(file).pipe(response);
}
