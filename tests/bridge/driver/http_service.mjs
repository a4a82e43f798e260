/**
 * What requests of tests are sent to: an echo, redirects, bodies that come slowly, are compressed or
 * never end, connections that are dropped. All paths begin with /http/; `/http/cors/` answers
 * pages of other origins as well.
 */

import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

/** A body of `size` bytes that differ along its length. */
function pattern(size) {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 31 + 7) % 251));
}

async function bodyOf(request) {
  return Buffer.concat(await Array.fromAsync(request));
}

/** Answers with what was asked: {method, path, query, headers, body}; the body as latin-1. */
async function echo(request, response, { pathname, searchParams }) {
  const answer = {
    method: request.method,
    path: pathname,
    query: [...searchParams],
    headers: request.headers,
    body: (await bodyOf(request)).toString("latin1"),
  };
  response.writeHead(200, { "Content-Type": "application/json", "X-Echo": "caf\u00e9" });
  response.end(JSON.stringify(answer));
}

/** What lets streams go on, by their names: promises of functions. */
const held = new Map();

function holding(name) {
  if (!held.has(name)) {
    held.set(name, Promise.withResolvers());
  }
  return held.get(name);
}

/** Sends a line, and another one when somebody asks for /http/release with the same name. */
function stream(_, response, { searchParams }) {
  response.writeHead(200, { "Content-Type": "text/plain" });
  response.write("first\n");
  holding(searchParams.get("name")).resolve(() => response.end("second\n"));
}

/** Lets a stream go on; waits for it if it has not begun. */
async function release(_, response, { searchParams }) {
  const name = searchParams.get("name");
  const goOn = await holding(name).promise;
  held.delete(name);
  goOn();
  response.end("released");
}

/** Whether a request with that name was given up by the other side: /http/hang marks it. */
const abandoned = new Map();

/** Never answers; with `begin`, the body begins, and never ends. */
function hang(_, response, { searchParams }) {
  const { promise, resolve } = Promise.withResolvers();
  abandoned.set(searchParams.get("name"), promise);
  response.on("close", () => resolve());
  if (searchParams.has("begin")) {
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": "100" });
    response.write("begun");
  }
}

/** Answers when the request of that name was given up. */
async function whenAbandoned(_, response, { searchParams }) {
  const name = searchParams.get("name");
  await abandoned.get(name);
  abandoned.delete(name);
  response.end("abandoned");
}

/** Announces 100 bytes, or chunks, and breaks off after a few; with `at=once` before the headers. */
function drop(request, response, { searchParams }) {
  if (searchParams.get("at") === "once") {
    request.socket.destroy();
    return;
  }
  response.writeHead(200, searchParams.has("chunked") ? {} : { "Content-Length": "100" });
  response.write("only this", () => setTimeout(() => request.socket.destroy(), 20));
}

function redirect(_, response, { searchParams }) {
  response.writeHead(Number(searchParams.get("status") ?? 302), {
    Location: searchParams.get("to"),
  });
  response.end("elsewhere");
}

function gzip(_, response, { searchParams }) {
  const body = gzipSync(pattern(Number(searchParams.get("size"))));
  response.writeHead(200, {
    "Content-Encoding": "gzip",
    "Content-Type": "application/octet-stream",
    "Content-Length": body.length,
  });
  response.end(body);
}

function bytes(_, response, { searchParams }) {
  const body = pattern(Number(searchParams.get("size")));
  response.writeHead(200, { "Content-Type": "application/octet-stream" });
  response.end(body);
}

/** A text in the character set that is asked for; with a `bom`, behind a byte order mark. */
function text(_, response, { searchParams }) {
  const charset = searchParams.get("charset");
  const body = Buffer.from(searchParams.get("text"), charset === "utf-8" ? "utf8" : "latin1");
  response.writeHead(200, { "Content-Type": `text/plain; charset=${charset}` });
  response.end(Buffer.concat([Buffer.from(searchParams.has("bom") ? "\ufeff" : ""), body]));
}

function status(_, response, { searchParams }) {
  const code = Number(searchParams.get("code"));
  const body = `status ${code}`;
  const length = code === 204 ? {} : { "Content-Length": body.length };
  const cookies = ["a=1", "b=2"];
  response.writeHead(code, { "Content-Type": "text/plain", "Set-Cookie": cookies, ...length });
  response.end(code === 204 ? undefined : body);
}

/** A port on which nobody listens. */
async function closedPort(_, response) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  response.end(String(port));
}

const ANSWERS = {
  abandoned: whenAbandoned,
  bytes,
  "closed-port": closedPort,
  drop,
  echo,
  gzip,
  hang,
  redirect,
  release,
  status,
  stream,
  text,
};

/** Answers a request if its path is one of this service's; returns whether it is. */
export function answerHttp(request, response) {
  const url = new URL(request.url, "http://localhost");
  const [, first, ...rest] = url.pathname.split("/");
  const cors = rest[0] === "cors";
  const answer = ANSWERS[rest[cors ? 1 : 0]];
  if (first !== "http" || answer === undefined) {
    return false;
  }
  response.setHeader("Cache-Control", "no-store");
  if (cors) {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
  }
  Promise.try(answer, request, response, url).catch((error) => response.destroy(error));
  return true;
}
