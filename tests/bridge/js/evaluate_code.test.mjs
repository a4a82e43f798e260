import * as assert from "../harness/assert.mjs";
import { evaluate, runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

/** Sources in which something about the end, the indentation or the lines is special. */
const SOURCES = [
  "1",
  "1;",
  "1 # ;",
  "1; # end\n\n",
  "x = 1",
  "x = 1\nx",
  "x = 1; x",
  "x = 1;\nx ;",
  "'''a\n;'''",
  "'a'; # x",
  "'doc'",
  "",
  "# nothing",
  "if 1: 3",
  "  x = 1\n  x",
  "\n\n   5\n   6",
  "\t1\n\t2",
  "  \nx = '''\n   \n'''\nx",
  "    x = '''\n    a\n      b'''\n    x",
  "  1\n 2\n3",
  "(1,\n2)",
  "1 \\\n;",
  "1\r2",
  "1\r\n2;",
  "1; \f",
  "\f1",
  "'é;'",
  "'é';",
  "lambda: 0;",
  "f'{1}#;'",
  "[i for i in range(3)]",
  "for i in []: pass\nelse: 7",
  "x: int = 3",
  "x: int",
  ";",
  "1;;",
  "1 +",
  "return 5",
  "await x",
  "1/0",
  "raise SystemExit(3)",
  "\ufeff1",
  "'\ud83d\ude00';",
  "x = '\0'",
  "from __future__ import annotations\n5",
  "...",
  "def f(:\n  pass",
];

test("runPython gives what eval_code gives, the first time and again", (t) => {
  const { pyodide } = t;
  const reference = pyodide.runPython(`
from pyodide.code import eval_code
def reference(source):
    try:
        return repr(eval_code(source, {}))
    except BaseException as error:
        return type(error).__name__ + ": " + str(error)
reference`);
  const repr = pyodide.runPython("repr");
  for (const source of SOURCES) {
    for (const time of ["first", "second"]) {
      const globals = pyodide.runPython("{}");
      let outcome;
      try {
        const value = pyodide.runPython(source, { globals });
        outcome = value === undefined ? "None" : repr(value);
        value?.destroy?.();
      } catch (error) {
        const exception = pyodide.runPython(
          "import sys; type(sys.last_exc).__name__ + ': ' + str(sys.last_exc)",
        );
        assert.ok(exception.startsWith(`${error.type}: `), `${exception} is no ${error.type}`);
        outcome = exception;
      }
      globals.destroy();
      assert.same(outcome, reference(source), `${JSON.stringify(source)}, ${time} time`);
    }
  }
  pyodide.runPython("del reference, eval_code");
  repr.destroy();
  reference.destroy();
});

test("tracebacks show the lines of sources with a file name", (t) => {
  const { pyodide } = t;
  const fail = () =>
    pyodide.runPython("    def f():\n        1/0\n    f()\n", { filename: "cell_7.py" });
  assert.throws(fail, { message: /File "cell_7\.py", line 3, in <module>\n {4}f\(\)\n/ });
  assert.throws(fail, { message: /File "cell_7\.py", line 2, in f\n {4}1\/0\n/ });
  pyodide.runPython("import linecache; del linecache.cache['cell_7.py'], f");
});

test("a source can keep its indentation", (t) => {
  assert.throws(() => t.pyodide.runPython("  1", { dedent: false }), {
    message: /IndentationError/,
  });
  assert.same(t.pyodide.runPython("  1"), 1);
});

test("run_js evaluates in the global scope", async (t) => {
  assert.same(evaluate(t, "__import__('pyodide.code').code.run_js(a)", "1 + 1"), 2);
  await runAsync(
    t,
    `
from pyodide.code import run_js
from pyodide.ffi import JsException
run_js("var coilTestVariable = 5")
assert run_js("globalThis.coilTestVariable") == 5
run_js("delete globalThis.coilTestVariable; coilTestVariable = undefined")
assert await run_js("Promise.resolve(7)") == 7
for code in ("1 +", "throw new TypeError('x')"):
    try:
        run_js(code)
    except JsException as error:
        assert error.name in ("SyntaxError", "TypeError")
    else:
        assert False
try:
    run_js(5)
except TypeError as error:
    assert "str" in str(error)
else:
    assert False`,
  );
});

test("relaxed calls drop what a function does not take", (t) => {
  assert.same(
    evaluate(t, "__import__('pyodide.code').code.relaxed_call(lambda x: x, a, b, k=c)", 1, 2, 3),
    1,
  );
});
