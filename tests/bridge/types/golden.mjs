/**
 * Compares the types that the distribution ships with those that were reviewed: golden.txt.
 *
 *     node tests/bridge/types/golden.mjs --dist=FOLDER [--write]
 *
 * What is compared is what a type checker sees: comments and layout do not count, nor does
 * the order of declarations at the top level. --write accepts what there is.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const GOLDEN = join(import.meta.dirname, "golden.txt");
const FILES = ["pyodide.d.ts", "ffi.d.ts"];

const HEAD =
  "# Made by golden.mjs --write from the types in the distribution. Review what changes.\n";

/** Text without comments; those in string literals stay. */
function withoutComments(text) {
  const pattern = /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(pattern, (_, literal) => literal ?? " ");
}

/** The declarations at the top level, each on one line. */
function declarationsOf(text) {
  const declarations = [];
  let depth = 0;
  let start = 0;
  const source = withoutComments(text).replace(/\s+/g, " ");
  const end = (at) => {
    declarations.push(source.slice(start, at).trim());
    start = at;
  };
  for (let at = 0; at < source.length; at++) {
    if ("{(".includes(source[at])) {
      depth += 1;
    } else if ("})".includes(source[at])) {
      depth -= 1;
      // A body ends its declaration, unless it is followed by what belongs to it.
      if (
        depth === 0 &&
        source[at] === "}" &&
        !/^ *(;|from\b|[|&[)>])/.test(source.slice(at + 1))
      ) {
        end(at + 1);
      }
    } else if (source[at] === ";" && depth === 0) {
      end(at + 1);
    }
  }
  end(source.length);
  return declarations.filter((declaration) => declaration !== "");
}

/** Members on lines of their own, so that a difference is a line. */
function layOut(declaration) {
  const found = /^([^{]*\{) (.*) \}(;?)$/.exec(declaration);
  if (!found || !/^(export )?(declare )?(abstract )?(class|interface) /.test(declaration)) {
    return declaration;
  }
  const [, head, body, tail] = found;
  return [head, ...membersOf(body).map((member) => `  ${member}`), `}${tail}`].join("\n");
}

function membersOf(body) {
  const members = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < body.length; at++) {
    depth += Number("{([".includes(body[at])) - Number("})]".includes(body[at]));
    if (body[at] === ";" && depth === 0) {
      members.push(body.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  members.push(body.slice(start).trim());
  return members.filter((member) => member !== "");
}

function typesIn(dist) {
  const parts = FILES.map((name) => {
    const declarations = declarationsOf(readFileSync(join(dist, name), "utf8"));
    return `\n== ${name}\n${declarations.map(layOut).sort().join("\n")}\n`;
  });
  return HEAD + parts.join("");
}

/** Lines of `a` that are not in `b`, so often. */
function missingIn(a, b) {
  const rest = b.split("\n");
  return a.split("\n").filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) {
      rest.splice(at, 1);
    }
    return at < 0;
  });
}

const { values } = parseArgs({
  options: { dist: { type: "string" }, write: { type: "boolean", default: false } },
});
if (!values.dist) {
  throw new Error("usage: node golden.mjs --dist=FOLDER [--write]");
}
const types = typesIn(values.dist);
if (values.write) {
  writeFileSync(GOLDEN, types);
} else {
  const golden = readFileSync(GOLDEN, "utf8");
  for (const [mark, lines] of [
    ["-", missingIn(golden, types)],
    ["+", missingIn(types, golden)],
  ]) {
    for (const line of lines) {
      console.error(`${mark} ${line}`);
    }
  }
  if (types !== golden) {
    console.error("The types differ from golden.txt. If that is meant: golden.mjs --write");
    process.exit(1);
  }
}
