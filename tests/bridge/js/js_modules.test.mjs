import * as assert from "../harness/assert.mjs";
import { run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

/** Registers a module for the time of `body`. */
function withModule(t, name, object, body) {
  t.pyodide.registerJsModule(name, object);
  try {
    body();
  } finally {
    t.pyodide.unregisterJsModule(name);
    t.pyodide.runPython(`
import sys
for name in [n for n in sys.modules if n.partition(".")[0] == "${name}"]: del sys.modules[name]`);
  }
}

test("a module proxy has attributes of its own and shows the object's", (t) => {
  const object = { x: 1, f: (n) => n + 1, inner: { y: 2 }, _hidden: 3 };
  withModule(t, "jsmod_a", object, () => {
    run(
      t,
      `
import jsmod_a, jsmod_a.inner
from jsmod_a import f
from jsmod_a.inner import y
assert jsmod_a.x == 1 and f(1) == 2 and y == 2 and jsmod_a.inner.y == 2
assert jsmod_a.__name__ == "jsmod_a" and jsmod_a.__spec__.name == "jsmod_a"
assert set(jsmod_a.__all__) == {"x", "f", "inner"}
jsmod_a.z = 9
assert hasattr(jsmod_a, "_hidden") and not hasattr(jsmod_a, "nothing")
assert jsmod_a.__dict__["__name__"] == "jsmod_a"`,
    );
    t.pyodide.runPython("from jsmod_a import *");
    assert.same(t.pyodide.runPython("x + f(1)"), 3);
    t.pyodide.runPython("del x, f, inner, z");
  });
  assert.same(object.z, 9);
  assert.deepEqual(Object.keys(object), ["x", "f", "inner", "_hidden", "z"]);
});

test("import * takes reserved words with the underscore that attributes have", (t) => {
  withModule(t, "jsmod_words", { for: 1, with_: 2, plain: 3 }, () => {
    run(
      t,
      `
import jsmod_words
names = {}
exec("from jsmod_words import *", names)
assert (names["for_"], names["with__"], names["plain"]) == (1, 2, 3)
assert set(jsmod_words.__all__) == {"for_", "with__", "plain"}`,
    );
  });
});

test("submodules of a frozen object can be imported", (t) => {
  withModule(t, "jsmod_b", Object.freeze({ sub: Object.freeze({ v: 4 }) }), () => {
    run(t, "import jsmod_b.sub\nassert jsmod_b.sub.v == 4");
  });
});

test("a module goes to JavaScript as the object", (t) => {
  const object = { x: 1 };
  withModule(t, "jsmod_c", object, () => {
    run(
      t,
      "import jsmod_c\nassert a(jsmod_c) and jsmod_c == b",
      (value) => value === object,
      object,
    );
  });
});

test("what is missing in a module raises ImportError, a missing submodule ModuleNotFoundError", (t) => {
  withModule(t, "jsmod_d", { n: 5 }, () => {
    run(
      t,
      `
for code, error in (("from jsmod_d import q", ImportError), ("import jsmod_d.q", ModuleNotFoundError),
                    ("import jsmod_d.n", ModuleNotFoundError)):
    try: exec(code)
    except error: pass
    else: raise AssertionError(code)`,
    );
  });
});
