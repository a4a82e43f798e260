import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

/** Registers `module` as `name` while `run` runs, and removes every trace of it. */
function withModule(t, name, module, run) {
  const { pyodide } = t;
  pyodide.registerJsModule(name, module);
  try {
    return run();
  } finally {
    pyodide.unregisterJsModule(name);
    pyodide.runPython(`
import sys
for key in [key for key in sys.modules if key.split(".")[0] == ${JSON.stringify(name)}]:
    del sys.modules[key]`);
  }
}

/** Runs Python in names of its own, so that nothing of a test stays. */
function run(t, code) {
  const globals = t.pyodide.runPython("{}");
  try {
    return t.pyodide.runPython(code, { globals });
  } finally {
    globals.destroy();
  }
}

test("a registered object is imported as itself, and stays live", (t) => {
  const module = { number: 5, f: (x) => x + 1 };
  withModule(t, "js_test", module, () => {
    const imported = run(t, "import js_test; js_test");
    assert.same(imported, module);
    module.number = 6;
    assert.same(run(t, "from js_test import number, f; f(number)"), 7);
    run(t, "import js_test; js_test.number = 8");
    assert.same(module.number, 8);
    assert.same(
      run(t, "import js_test; js_test.__name__ + js_test.__spec__.name"),
      "js_testjs_test",
    );
  });
  assert.deepEqual(Object.keys(module), ["number", "f"]);
});

test("objects in it are submodules, and frozen ones can be imported", (t) => {
  const module = Object.freeze({ sub: Object.freeze({ deep: Object.freeze({ x: 1 }) }) });
  withModule(t, "js_test", module, () => {
    assert.same(run(t, "import js_test.sub.deep; js_test.sub.deep.x"), 1);
    assert.same(run(t, "from js_test.sub.deep import x; x"), 1);
    assert.same(run(t, "from js_test.sub import deep; deep.x"), 1);
  });
});

test("what is not there is the usual error", (t) => {
  withModule(t, "js_test", { number: 5 }, () => {
    const missing = () => run(t, "from js_test import nope");
    assert.throws(missing, { message: /ImportError: cannot import name 'nope' from 'js_test'/ });
    for (const name of ["js_test.nope", "js_test.number"]) {
      const fail = () => run(t, `import ${name}`);
      assert.throws(fail, { message: /ModuleNotFoundError: No module named 'js_test\.n/ });
    }
  });
  assert.throws(() => run(t, "import js_test"), { message: /No module named 'js_test'/ });
});

test("import * takes every name without an underscore that can be read", (t) => {
  class Base {
    method() {}
  }
  const module = Object.assign(Object.create(new Base()), { a: 1, b: { c: 2 }, _hidden: 3 });
  Object.defineProperty(module, "quiet", { value: 4, enumerable: false });
  Object.defineProperty(module, "bad", {
    get() {
      throw new Error("hostile");
    },
  });
  withModule(t, "js_test", module, () => {
    const names = run(t, "names = {}; exec('from js_test import *', names); sorted(names)");
    assert.deepEqual(names.toJs(), ["__builtins__", "a", "b", "method", "quiet"]);
    names.destroy();
  });
  assert.same(
    run(t, "names = {}; exec('from js import *', names); names['JSON'].stringify('x')"),
    '"x"',
  );
});

test("a getter that throws makes an attribute missing as a module, and throws when it is read", (t) => {
  const module = {
    get bad() {
      throw new Error("hostile");
    },
  };
  withModule(t, "js_test", module, () => {
    assert.throws(() => run(t, "import js_test.bad"), { message: /ModuleNotFoundError/ });
    assert.throws(() => run(t, "import js_test; js_test.bad"), { message: /JsException.*hostile/ });
  });
});

test("modules of Python come before registered ones", (t) => {
  withModule(t, "colorsys", { fake: true }, () => {
    assert.same(run(t, "import colorsys; colorsys.__file__.endswith('colorsys.py')"), true);
  });
});

test("the global scope is the module js", (t) => {
  globalThis.coilTestValue = 1;
  assert.same(run(t, "from js import coilTestValue; coilTestValue"), 1);
  assert.same(run(t, "import js; js"), globalThis);
  run(t, "import js; js.coilTestValue = 2");
  assert.same(globalThis.coilTestValue, 2);
  run(t, "import js; del js.coilTestValue");
  assert.ok(!("coilTestValue" in globalThis));
  assert.same(run(t, "import js.JSON; js.JSON.stringify"), JSON.stringify);
});

test("wrong arguments are refused by name", (t) => {
  const { pyodide } = t;
  for (const name of [5, undefined, null, {}]) {
    assert.throws(() => pyodide.registerJsModule(name, {}), {
      message: /TypeError.*name of a module/s,
    });
  }
  for (const module of [5, "text", undefined, null, Symbol("s")]) {
    assert.throws(() => pyodide.registerJsModule("js_test", module), {
      message: /TypeError.*JavaScript module/s,
    });
  }
  assert.throws(() => pyodide.unregisterJsModule("js_test"), { message: /ValueError.*'js_test'/ });
});

test("pyimport gives modules, attributes and submodules", (t) => {
  const { pyodide } = t;
  const join = pyodide.pyimport("os.path.join");
  assert.same(join("a", "b"), "a/b");
  join.destroy();
  for (const name of ["sys", "xml.dom.minidom"]) {
    const module = pyodide.pyimport(name);
    assert.same(module.__name__, name);
    module.destroy();
  }
  for (const name of ["nope", "sys.nope", "os.path.join.nope"]) {
    assert.throws(() => pyodide.pyimport(name), { message: /ModuleNotFoundError/ });
  }
});

test("a missing module of the standard library has a note", (t) => {
  const importing = () => run(t, "import curses");
  assert.throws(importing, { message: /not part of this distribution: it needs a terminal/ });
  assert.throws(() => run(t, "import telnetlib"), {
    message: /removed from the standard library in Python 3\.13/,
  });
});

test("json writes null for jsnull", (t) => {
  assert.same(
    run(t, "import json; from pyodide.ffi import jsnull; json.dumps([jsnull, None])"),
    "[null, null]",
  );
});
