import * as assert from "../harness/assert.mjs";
import { run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("create_proxy gives a double proxy that unwraps to the object", (t) => {
  let kept;
  run(
    t,
    `
from pyodide.ffi import JsCallable, JsCallableDoubleProxy, JsDoubleProxy, JsProxy, create_proxy
x = [1, 2]
p = create_proxy(x)
assert isinstance(p, JsDoubleProxy) and isinstance(p, JsProxy) and not isinstance(p, JsCallable)
assert p.unwrap() is x
f = create_proxy(lambda n: n + 1)
assert isinstance(f, JsCallableDoubleProxy) and isinstance(f, JsCallable) and f(1) == 2
back = a(p)
assert isinstance(back, JsDoubleProxy) and back == p and back.unwrap() is x
p.destroy()
f.destroy()
try: p.unwrap()
except Exception as e: assert "destroyed" in str(e)
else: raise AssertionError`,
    (p) => {
      kept = p;
      return p;
    },
  );
  assert.throws(() => kept.length, { message: /destroyed/ });
});

test("without roundtrip it comes back as the object", (t) => {
  run(
    t,
    `
from pyodide.ffi import create_proxy
x = [1]
p = create_proxy(x, roundtrip=False)
assert a(p) is x`,
    (p) => {
      const same = p.copy();
      p.destroy();
      return same;
    },
  );
});

test("a once-callable can be called once, or destroyed", (t) => {
  run(
    t,
    `
from pyodide.ffi import JsOnceCallable, create_once_callable
seen = []
f = create_once_callable(seen.append)
assert isinstance(f, JsOnceCallable)
a(f)
assert seen == [7]
try: a(f)
except Exception as e: assert "once" in str(e)
else: raise AssertionError
g = create_once_callable(seen.append)
g.destroy()
try: a(g)
except Exception: pass
else: raise AssertionError
assert seen == [7]`,
    (f) => f(7),
  );
});

test("the classes have the members that the stub file says", (t) => {
  run(
    t,
    `
import pyodide.ffi as ffi
members = {
    "JsProxy": "js_id typeof object_keys object_values object_entries as_py_json as_object_map to_py to_weakref bind_sig bind_class",
    "JsCallable": "__call__ new", "JsOnceCallable": "destroy", "JsPromise": "__await__ then catch finally_",
    "JsIterable": "__iter__", "JsAsyncIterable": "__aiter__", "JsIterator": "__iter__ __next__",
    "JsGenerator": "send throw close", "JsAsyncGenerator": "asend athrow aclose",
    "JsMap": "__len__ __getitem__ __contains__ keys items values get",
    "JsMutableMap": "__setitem__ __delitem__ pop popitem setdefault update clear",
    "JsArray": "__len__ __getitem__ __contains__ index count",
    "JsTypedArray": "__setitem__ to_bytes", "JsDoubleProxy": "destroy unwrap",
    "JsBuffer": "to_bytes to_memoryview to_string assign assign_to to_file from_file _into_file",
}
for name, names in members.items():
    for member in names.split():
        assert hasattr(getattr(ffi, name), member), (name, member)
array = type(a)
for member in "__setitem__ __delitem__ __add__ __mul__ append extend insert pop remove reverse".split():
    assert hasattr(array, member), member
assert issubclass(array, ffi.JsArray) and issubclass(ffi.JsMutableMap, ffi.JsMap)
assert issubclass(ffi.JsTypedArray, ffi.JsBuffer) and issubclass(ffi.JsGenerator, ffi.JsIterator)
class Special(ffi.JsException): pass
assert issubclass(ffi.JsException, ffi.JsProxy) and issubclass(Special, ffi.JsProxy)
assert not issubclass(ffi.JsException, ffi.JsArray) and not issubclass(Exception, ffi.JsProxy)
assert issubclass(ffi.JsProxy, ffi.JsProxy) and not issubclass(ffi.JsProxy, ffi.JsException)
try: issubclass(5, ffi.JsProxy)
except TypeError: pass
else: assert False`,
    [],
  );
});
