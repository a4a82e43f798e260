/** setStdin(), setStdout(), setStderr(): what handlers are given and what their answers mean. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

/** Runs `body` and gives all three streams their defaults back. */
function withStreams(t, body) {
  try {
    return body(t.pyodide);
  } finally {
    t.pyodide.setStdin();
    t.pyodide.setStdout();
    t.pyodide.setStderr();
  }
}

function collectLines(pyodide, code) {
  const lines = [];
  pyodide.setStdout({ batched: (line) => lines.push(line) });
  pyodide.runPython(code);
  return lines;
}

/** What each os.read(0, size) gives, until `count` reads are done. */
function reads(pyodide, size, count) {
  return JSON.parse(
    pyodide.runPython(
      `import os, json; json.dumps([os.read(0, ${size}).decode() for _ in range(${count})])`,
    ),
  );
}

function errnoOfRead(pyodide) {
  return pyodide.runPython(`
import errno, os
try:
    os.read(0, 10)
    name = "none"
except OSError as error:
    name = errno.errorcode[error.errno]
name`);
}

test("batched output is one call for each line", (t) => {
  withStreams(t, (pyodide) => {
    const lines = collectLines(pyodide, "print('a'); print('b\\n\\u00fcc', end='\\n'); print()");
    assert.deepEqual(lines, ["a", "b", "\u00fcc", ""]);
  });
});

test("a partial line is delivered by fsync and when the handler is replaced", (t) => {
  withStreams(t, (pyodide) => {
    const lines = collectLines(pyodide, "import sys; sys.stdout.write('one'); sys.stdout.flush()");
    assert.deepEqual(lines, []);
    pyodide.runPython("import os; os.fsync(1)");
    assert.deepEqual(lines, ["one"]);
    pyodide.runPython("sys.stdout.write('two'); sys.stdout.flush()");
    pyodide.setStdout({ batched: () => {} });
    assert.deepEqual(lines, ["one", "two"]);
  });
});

test("a character that is cut between two writes is put together", (t) => {
  withStreams(t, (pyodide) => {
    const lines = collectLines(
      pyodide,
      "import os; os.write(1, b'\\xc3'); os.write(1, b'\\xbc\\n')",
    );
    assert.deepEqual(lines, ["\u00fc"]);
  });
});

test("raw output is one call for each byte", (t) => {
  withStreams(t, (pyodide) => {
    const bytes = [];
    pyodide.setStdout({ raw: (byte) => bytes.push(byte) });
    pyodide.runPython("print('\\u00fc')");
    assert.deepEqual(bytes, [0xc3, 0xbc, 10]);
  });
});

test("what a write handler leaves is offered again", (t) => {
  withStreams(t, (pyodide) => {
    const parts = [];
    pyodide.setStdout({
      write(buffer) {
        parts.push(new TextDecoder().decode(buffer.slice(0, 2)));
        return Math.min(2, buffer.length);
      },
    });
    pyodide.runPython("print('abcde')");
    assert.deepEqual(parts, ["ab", "cd", "e\n"]);
  });
});

test("standard error has its own handler", (t) => {
  withStreams(t, (pyodide) => {
    const lines = [];
    pyodide.setStderr({ batched: (line) => lines.push(line) });
    pyodide.runPython("import sys; print('oops', file=sys.stderr)");
    assert.deepEqual(lines, ["oops"]);
  });
});

test("isatty, the terminal's size and fsync are the handler's", (t) => {
  withStreams(t, (pyodide) => {
    let synced = 0;
    pyodide.setStdout({
      write: (buffer) => buffer.length,
      isatty: true,
      getTerminalSize: () => ({ rows: 7, columns: 9 }),
      fsync: () => {
        synced += 1;
      },
    });
    const code = `
import os, sys
size = os.get_terminal_size(1)
os.fsync(1)
f"{sys.stdout.isatty()} {size.lines} {size.columns}"`;
    assert.same(pyodide.runPython(code), "True 7 9");
    assert.same(synced, 1);
    pyodide.setStdout({ write: (buffer) => buffer.length });
    assert.same(pyodide.runPython("sys.stdout.isatty()"), false);
  });
});

test("handlers are called as methods of their object", (t) => {
  withStreams(t, (pyodide) => {
    const handler = {
      lines: [],
      batched(line) {
        this.lines.push(line);
      },
    };
    pyodide.setStdout(handler);
    pyodide.runPython("print('x')");
    assert.deepEqual(handler.lines, ["x"]);
  });
});

test("an error of an output handler is an OSError with its number", (t) => {
  withStreams(t, (pyodide) => {
    const codes = [undefined, "ENOSPC", "NONSENSE"];
    const names = codes.map((code) => {
      pyodide.setStdout({
        write() {
          throw Object.assign(new Error("no"), { code });
        },
      });
      return pyodide.runPython(`
import errno, os
try:
    os.write(1, b"x")
    name = "none"
except OSError as error:
    name = errno.errorcode[error.errno]
name`);
    });
    assert.deepEqual(names, ["EIO", "ENOSPC", "EIO"]);
  });
});

test("a line of input is what the handler returns, with a newline", (t) => {
  withStreams(t, (pyodide) => {
    const lines = ["first", "second\n", "\u00fc"];
    pyodide.setStdin({ stdin: () => lines.shift() });
    assert.same(pyodide.runPython("input() + input() + input()"), "firstsecond\u00fc");
    const error = assert.throws(() => pyodide.runPython("input()"), { name: "PythonError" });
    assert.match(error.message, "EOFError");
  });
});

test("each value ends the read that it serves, and what does not fit is kept", (t) => {
  withStreams(t, (pyodide) => {
    const values = ["abcdef", Uint8Array.of(65, 66), new Uint8Array([67, 10]).buffer, 68, null];
    pyodide.setStdin({ stdin: () => values.shift() });
    const expected = ["abcd", "ef\n", "AB", "", "C\n", "D", "", ""];
    assert.deepEqual(reads(pyodide, 4, 8), expected);
  });
});

test("without autoEOF values fill the buffer until the end", (t) => {
  withStreams(t, (pyodide) => {
    const values = ["ab", 67, "d", null, "e", undefined];
    pyodide.setStdin({ stdin: () => values.shift(), autoEOF: false });
    assert.deepEqual(reads(pyodide, 4, 5), ["ab\nC", "d\n", "", "e\n", ""]);
  });
});

test("a read handler fills the buffer that Python asked for", (t) => {
  withStreams(t, (pyodide) => {
    const sizes = [];
    pyodide.setStdin({
      read(buffer) {
        sizes.push(buffer.length);
        buffer.set([104, 105]);
        return sizes.length > 2 ? 0 : 2;
      },
      isatty: true,
    });
    assert.deepEqual(reads(pyodide, 5, 3), ["hi", "hi", ""]);
    assert.deepEqual(sizes, [5, 5, 5]);
    assert.same(pyodide.runPython("import sys; sys.stdin.isatty()"), true);
  });
});

test("errors of input handlers have their number", (t) => {
  withStreams(t, (pyodide) => {
    const failWith = (properties) => ({
      stdin() {
        throw Object.assign(new Error("no"), properties);
      },
    });
    const { EACCES } = pyodide.ERRNO_CODES;
    const names = [
      { error: true },
      failWith({}),
      failWith({ code: "ENXIO" }),
      failWith({ errno: EACCES }),
      { read: (buffer) => buffer.length + 1 },
    ].map((options) => {
      pyodide.setStdin(options);
      return errnoOfRead(pyodide);
    });
    assert.deepEqual(names, ["EIO", "EIO", "ENXIO", "EACCES", "EIO"]);
  });
});

test("a handler that says EAGAIN is asked again", (t) => {
  withStreams(t, (pyodide) => {
    let calls = 0;
    pyodide.setStdin({
      stdin() {
        calls += 1;
        if (calls < 3) {
          throw Object.assign(new Error("not yet"), { code: "EAGAIN" });
        }
        return "now";
      },
    });
    assert.same(pyodide.runPython("input()"), "now");
    assert.same(calls, 3);
  });
});

test("a value that is no input is EIO, and standard error says why", (t) => {
  withStreams(t, (pyodide) => {
    const lines = [];
    pyodide.setStderr({ batched: (line) => lines.push(line) });
    const names = [{}, 256, 1.5, true].map((value) => {
      pyodide.setStdin({ stdin: () => value });
      return errnoOfRead(pyodide);
    });
    assert.deepEqual(names, ["EIO", "EIO", "EIO", "EIO"]);
    assert.same(lines.length, 4);
    assert.match(lines[0], "object");
  });
});

test("options that make no sense are a TypeError", (t) => {
  withStreams(t, (pyodide) => {
    const f = () => 0;
    const bad = [
      [pyodide.setStdin, { stdin: 5 }],
      [pyodide.setStdin, { read: "x" }],
      [pyodide.setStdin, { stdin: f, read: f }],
      [pyodide.setStdin, { stdin: f, error: true }],
      [pyodide.setStdin, { foo: 1 }],
      [pyodide.setStdin, 7],
      [pyodide.setStdin, null],
      [pyodide.setStdout, { raw: 5 }],
      [pyodide.setStdout, { batched: f, raw: f }],
      [pyodide.setStdout, { batched: f, isatty: true }],
      [pyodide.setStdout, { write: f, fsync: 1 }],
      [pyodide.setStderr, { isatty: true }],
      [pyodide.setStderr, "x"],
    ];
    for (const [set, options] of bad) {
      assert.throws(() => set(options), TypeError, assert.show(options));
    }
  });
});

test("a refused option leaves the handler in place", (t) => {
  withStreams(t, (pyodide) => {
    const lines = collectLines(pyodide, "None");
    assert.throws(() => pyodide.setStdout({ raw: 5 }), TypeError);
    pyodide.runPython("print('still')");
    assert.deepEqual(lines, ["still"]);
  });
});

test("os.fstat of a handled stream says that it is a character device", (t) => {
  withStreams(t, (pyodide) => {
    pyodide.setStdin({ stdin: () => null });
    const code = "import os, stat; stat.S_ISCHR(os.fstat(0).st_mode)";
    assert.same(pyodide.runPython(code), true);
  });
});

test("a handler may call Python, which may make memory grow", (t) => {
  withStreams(t, (pyodide) => {
    const lines = [];
    pyodide.setStdout({
      batched(line) {
        lines.push(line);
        pyodide.runPython("block = bytearray(30_000_000); del block");
      },
    });
    pyodide.runPython("import os; os.write(1, b'one\\ntwo\\nthree\\n')");
    assert.deepEqual(lines, ["one", "two", "three"]);
  });
});
