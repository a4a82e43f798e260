/** When proxies end, and what they say afterwards. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const run = (t, code) => t.pyodide.runPython(code);
const proxies = (t) => t.pyodide.coil._debug.counts().proxies;

/** Everything that can be done with a proxy of a callable list that also is a generator's cousin. */
const USES = {
  property: (p) => p.x,
  "set a property": (p) => {
    p.x = 1;
  },
  delete: (p) => delete p.x,
  in: (p) => "x" in p,
  keys: (p) => Reflect.ownKeys(p),
  type: (p) => p.type,
  toString: (p) => `${p}`,
  length: (p) => p.length,
  get: (p) => p.get(0),
  set: (p) => p.set(0, 1),
  "delete an item": (p) => p.delete(0),
  has: (p) => p.has(0),
  index: (p) => p[0],
  "set an index": (p) => {
    p[0] = 1;
  },
  iterate: (p) => [...p],
  toJs: (p) => p.toJs(),
  copy: (p) => p.copy(),
  call: (p) => p(),
  "call with arguments": (p) => p(1, 2),
  "call()": (p) => p.call(null),
  apply: (p) => p.apply(null, []),
  bind: (p) => p.bind(null)(),
  captureThis: (p) => p.captureThis()(),
  callKwargs: (p) => p.callKwargs({}),
  callRelaxed: (p) => p.callRelaxed(),
  map: (p) => p.map((x) => x),
  push: (p) => p.push(1),
  pop: (p) => p.pop(),
  sort: (p) => p.sort(),
  splice: (p) => p.splice(0),
  toJSON: (p) => JSON.stringify(p),
  asJsJson: (p) => p.asJsJson(),
  getBuffer: (p) => p.getBuffer(),
};

test("a destroyed proxy throws wherever it is used", (t) => {
  const proxy = run(t, "class C(bytearray):\n  def __call__(self): pass\nC()");
  proxy.destroy();
  proxy.destroy();
  for (const [name, use] of Object.entries(USES)) {
    const error = assert.throws(() => use(proxy), /Object has already been destroyed/, name);
    assert.same(error.constructor, Error, name);
  }
  assert.same(typeof proxy, "function");
});

test("a destroyed iterator or awaitable throws, too", (t) => {
  const generator = run(t, "(x for x in [1])");
  generator.destroy();
  for (const use of [(g) => g.next(), (g) => g.return(), (g) => g.throw(new Error("x"))]) {
    assert.throws(() => use(generator), /destroyed/);
  }
  const later = run(t, "import asyncio; asyncio.get_event_loop().create_future()");
  later.destroy();
  assert.throws(() => later.then(() => {}), /destroyed/);
});

test("a destroyed proxy cannot go to Python", (t) => {
  const proxy = run(t, "[]");
  proxy.destroy();
  assert.throws(() => run(t, "lambda x: x")(proxy), /destroyed/);
  const caught = run(
    t,
    `
def caught(f):
    from pyodide.ffi import JsException
    try:
        f()
    except JsException as error:
        return str(error)
caught`,
  );
  assert.match(
    caught(() => proxy),
    /destroyed/,
  );
  run(t, "del caught");
});

test("the message can be given", (t) => {
  const proxy = run(t, "[]");
  proxy.destroy({ message: "gone on purpose" });
  assert.same(assert.throws(() => proxy.length).message, "gone on purpose");
});

test("setDebug tells what it was", (t) => {
  const before = t.pyodide.setDebug(true);
  try {
    const proxy = run(t, "[1, 2]");
    proxy.destroy();
    assert.throws(() => proxy.length, /type "list" and had repr "\[1, 2\]"/);
  } finally {
    assert.same(t.pyodide.setDebug(before), true);
  }
});

test("setDebug copes with a repr() that fails", (t) => {
  const before = t.pyodide.setDebug(true);
  const check = run(t, "id");
  try {
    for (const body of [
      "raise ValueError('bad')",
      "return 5",
      "raise KeyboardInterrupt",
      "return repr(self)",
    ]) {
      const proxy = run(t, `class A:\n  def __repr__(self): ${body}\nA()`);
      proxy.destroy();
      for (const use of [() => proxy.x, () => String(proxy), () => check(proxy)]) {
        assert.throws(use, {
          message:
            /^Object has already been destroyed.*\nThe object was of type "A" and had no repr/,
        });
      }
    }
  } finally {
    t.pyodide.setDebug(before);
  }
});

test("setDebug copes with a repr() that destroys the proxy", (t) => {
  const before = t.pyodide.setDebug(true);
  try {
    const { counts } = t.pyodide.coil._debug;
    const start = counts().proxies;
    let proxy;
    let calls = 0;
    const make = run(
      t,
      "def make(f):\n  class A:\n    def __repr__(self): return f()\n  return A()\nmake",
    );
    proxy = make(() => {
      calls++;
      proxy.destroy();
      return "r";
    });
    proxy.destroy();
    make.destroy();
    assert.throws(() => proxy.x, { message: /had repr "r"/ });
    assert.deepEqual([calls, counts().proxies], [1, start]);
  } finally {
    t.pyodide.setDebug(before);
  }
});

test("each conversion makes a proxy of its own", (t) => {
  const one = run(t, "shared = []; shared");
  const other = run(t, "shared");
  assert.notSame(one, other);
  const copy = one.copy();
  one.destroy();
  assert.deepEqual([other.length, copy.length], [0, 0]);
  run(t, "del shared");
});

test("proxies of attributes end with the proxy that they were read from", (t) => {
  const object = run(t, "class A:\n  class B:\n    items = []\nA");
  const { B } = object;
  const { items } = B;
  const copy = items.copy();
  object.destroy();
  assert.throws(() => B.x, /attribute of a proxy that was destroyed/);
  assert.throws(() => items.length, /attribute of a proxy that was destroyed/);
  assert.same(copy.length, 0);
  run(t, "del A");
});

test("arguments of a call from Python end with it", (t) => {
  let kept;
  run(
    t,
    "lambda f: f([1])",
  )((list) => {
    kept = list;
    assert.same(list.length, 1);
  });
  assert.throws(() => kept.length, /end of a function call.*create_proxy/);
  let copied;
  run(
    t,
    "lambda f: f([1])",
  )((list) => {
    copied = list.copy();
  });
  assert.same(copied.length, 1);
  run(
    t,
    "lambda f: f(x=[1])",
  )(({ x }) => {
    kept = x;
  });
  assert.throws(() => kept.length, /destroyed/);
});

test("arguments end also when the call throws", (t) => {
  let kept;
  assert.throws(() =>
    run(
      t,
      "lambda f: f([1], [2])",
    )((list) => {
      kept = list;
      throw new Error("thrown");
    }),
  );
  assert.throws(() => kept.length, /destroyed/);
});

test("a proxy that is returned to Python is destroyed", (t) => {
  const list = run(t, "[1]");
  assert.same(run(t, "lambda f: f() + [2]")(() => list).length, 2);
  assert.throws(() => list.length, /destroyed/);
});

test("arguments live as long as the promise that was returned", async (t) => {
  let kept;
  let settle;
  run(
    t,
    "lambda f: f([1])",
  )((list) => {
    kept = list;
    return new Promise((resolve) => {
      settle = resolve;
    });
  });
  assert.same(kept.length, 1);
  settle();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.throws(() => kept.length, /destroyed/);
});

test("arguments live as long as the generator that was returned", (t) => {
  let kept;
  function* generate(list) {
    kept = list;
    yield list.length;
    yield list.length + 1;
  }
  assert.deepEqual(run(t, "lambda f: [*f([1])]")(generate).toJs(), [1, 2]);
  assert.throws(() => kept.length, /destroyed/);
});

test("a generator that several calls return, or that is frozen, keeps their arguments", (t) => {
  const kept = [];
  const shared = (function* () {
    yield 1;
  })();
  const call = run(t, "lambda f: f([1])");
  const give = (generator) => (list) => {
    kept.push(list);
    return generator;
  };
  for (let i = 0; i < 3; i++) {
    call(give(shared));
  }
  const { next } = shared;
  call(give(shared));
  assert.same(shared.next, next);
  assert.deepEqual(
    kept.map((list) => list.length),
    [1, 1, 1, 1],
  );
  assert.deepEqual([...shared], [1]);
  for (const list of kept.splice(0)) {
    assert.throws(() => list.length, /destroyed/);
  }
  call(give(Object.freeze((function* () {})())));
  assert.same(kept[0].length, 1);
  kept[0].destroy();
});

test("what only says that it is a generator or a promise ends its arguments at once", (t) => {
  let kept;
  const thrower = () => assert.fail("asked");
  const hostile = [
    { [Symbol.toStringTag]: "Generator" },
    Object.defineProperty({}, Symbol.toStringTag, { get: thrower }),
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    Object.defineProperty({}, "then", { get: thrower }),
  ];
  for (const result of hostile) {
    const back = run(t, "lambda f, check: check(f([1]))")(
      (list) => {
        kept = list;
        return result;
      },
      (value) => value === result,
    );
    assert.same(back, true);
    assert.throws(() => kept.length, /destroyed/);
  }
});

test("create_proxy lives until it is destroyed, and comes back as what was asked for", (t) => {
  const make = run(
    t,
    `
from pyodide.ffi import create_proxy, JsDoubleProxy
def make(f, keep, **options):
    value = [1]
    keep(create_proxy(value, **options))
    back = f()
    return [back is value, isinstance(back, JsDoubleProxy)]
make`,
  );
  let kept;
  const keep = (proxy) => {
    kept = proxy;
  };
  assert.deepEqual(make(() => kept, keep).toJs(), [false, true]);
  assert.same(kept.length, 1);
  kept.destroy({ destroyRoundtrip: false });
  assert.same(kept.length, 1);
  kept.destroy();
  assert.throws(() => kept.length, /destroyed/);
  assert.deepEqual(make.callKwargs(() => kept, keep, { roundtrip: false }).toJs(), [true, false]);
  assert.deepEqual(
    make
      .callKwargs(
        () => kept,
        () => {},
        { roundtrip: false },
      )
      .toJs(),
    [false, false],
  );
  assert.same(kept.length, 1);
  kept.destroy();
  assert.throws(() => kept.length, /destroyed/);
  run(t, "del make");
});

test("what create_proxy returns can be unwrapped and destroyed in Python", (t) => {
  const before = proxies(t);
  assert.same(
    run(
      t,
      `
value = [1]
proxy = create_proxy(value)
same = proxy.unwrap() is value
proxy.destroy()
del value, proxy
same`,
    ),
    true,
  );
  assert.same(proxies(t), before);
});

test("create_proxy captures this where it is asked to", (t) => {
  const f = run(t, "create_proxy(lambda *args: len(args), capture_this=True)");
  assert.same(f(1), 2);
  f.destroy();
});

test("a once-callable can be called once", (t) => {
  const before = proxies(t);
  const f = run(
    t,
    "from pyodide.ffi import create_once_callable; create_once_callable(lambda x: x + 1)",
  );
  assert.same(f(1), 2);
  assert.throws(() => f(1), { name: "Error", message: "OnceProxy can only be called once" });
  const failing = run(t, "create_once_callable(lambda: 1 / 0)");
  assert.throws(() => failing(), { type: "ZeroDivisionError" });
  assert.throws(() => failing(), /only be called once/);
  const calling = run(t, "create_once_callable(lambda f: f())");
  assert.throws(() => calling(() => calling(() => 1)), /only be called once/);
  const unused = run(t, "create_once_callable(lambda: 1)");
  unused.destroy();
  assert.throws(() => unused(), /only be called once/);
  assert.same(proxies(t), before);
  assert.throws(() => run(t, "create_once_callable(5)"), { type: "TypeError" });
});

test("callbacks run in the context that they were made in", (t) => {
  const [f, g] = run(
    t,
    `
import contextvars
from pyodide.ffi import create_proxy, create_once_callable
var = contextvars.ContextVar('var', default='none')
def make():
    var.set('made')
    return create_proxy(lambda: var.get()), create_once_callable(lambda: var.get())
contextvars.copy_context().run(make)`,
  );
  assert.same(run(t, "var.get()"), "none");
  assert.same(f(), "made");
  assert.same(f(), "made");
  assert.same(g(), "made");
  assert.same(run(t, "var.get()"), "none");
  f.destroy();
  run(t, "del var, make");
});

test("what a callback sets is seen by its caller in the same context", (t) => {
  const call = (f) => f();
  const make = run(
    t,
    `
import contextvars
from pyodide.ffi import create_proxy
def make(call):
    var = contextvars.ContextVar('var', default='none')
    def inside():
        proxy = create_proxy(lambda: var.set('set'))
        call(proxy)
        proxy.destroy()
        return var.get()
    seen = contextvars.copy_context().run(inside)
    return [seen, var.get()]
make`,
  );
  assert.deepEqual(make(call).toJs(), ["set", "none"]);
  run(t, "del make");
});

test("a callback may be called while it runs", (t) => {
  let f;
  const inner = run(t, "create_proxy(lambda call, n: n and call(n - 1))");
  f = (n) => inner(f, n);
  assert.same(inner(f, 5), 0);
  inner.destroy();
});

async function assertDroppedProxiesRelease(t) {
  run(t, "class Finalised:\n  count = 0\n  def __del__(self): Finalised.count += 1");
  (() => {
    for (let i = 0; i < 1000; i++) {
      run(t, "Finalised()").missing;
    }
  })();
  for (let i = 0; i < 20 && run(t, "Finalised.count") < 1000; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    await t.collectGarbage();
  }
  assert.ok(run(t, "Finalised.count") >= 999);
  run(t, "del Finalised");
}

test("dropped proxies release their objects", assertDroppedProxiesRelease);

/** Drops an interpreter while finalisers of its wait to be called; returns whether it is gone. */
async function dropInterpreter(t, collectAtOnce) {
  let other = await t.load();
  const dropped = new WeakRef(other);
  for (let i = 0; i < 600; i++) {
    other.runPython("[1]");
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  collectAtOnce();
  other = null;
  collectAtOnce();
  collectAtOnce();
  await new Promise((resolve) => setTimeout(resolve, 5));
  collectAtOnce();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return dropped.deref() === undefined;
}

test("an interpreter that is dropped takes no finalisers of others with it", async (t) => {
  const { gc } = globalThis;
  if (!gc) {
    return; // only Node has it
  }
  assert.same(await dropInterpreter(t, gc), true);
  assert.same(await dropInterpreter(t, gc), true);
  await assertDroppedProxiesRelease(t);
});

test("a proxy may be destroyed while what it stands for runs", (t) => {
  const { pyodide } = t;
  const globals = pyodide.runPython("{}");
  let end;
  globals.set("end", () => end());
  const made = (source) => {
    const proxy = pyodide.runPython(source, { globals });
    end = () => proxy.destroy();
    return proxy;
  };
  const generator = "def make():\n  end()\n  yield 1\nmake()";
  assert.same(made(generator).next().value, 1);
  assert.same(made("zip(map(lambda x: (end(), x)[1], [1]))").next().value.toJs()[0], 1);
  const list = made("[3, 1, 2]");
  const compare = (a, b) => {
    end();
    return a - b;
  };
  assert.throws(() => list.sort(compare), Error);
  assert.same(made("lambda: (end(), 5)[1]")(), 5);
  const key = (x) => {
    end();
    return x;
  };
  assert.same(made("[3, 1].sort").callKwargs({ key }), undefined);
  assert.same(made("class A:\n  @property\n  def x(self): return (end(), 7)[1]\nA()").x, 7);
  end = () => {};
  pyodide.runPython("import gc; gc.collect()");
  globals.destroy();
});

test("an attribute lives on when the proxy it was read from is garbage", async (t) => {
  const items = (() => run(t, "class A: items = [1]\nA()").items)();
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    await t.collectGarbage();
  }
  assert.same(items.length, 1);
  run(t, "del A");
});

test("proxies end with their block", (t) => {
  if (Symbol.dispose) {
    const list = run(t, "[1]");
    list[Symbol.dispose]();
    assert.throws(() => list.length, /destroyed/);
  }
});

/** What calls return that are never over. */
const ENDLESS = {
  "whose promise never settles": () => new Promise(() => {}),
  "whose generator is left": function* () {
    yield 1;
  },
  "whose frozen generator is left": () => Object.freeze((function* () {})()),
  "whose asynchronous generator is left": async function* () {
    yield await null;
  },
};

for (const [name, f] of Object.entries(ENDLESS)) {
  test(`arguments of a call ${name} go with the garbage`, async (t) => {
    const before = proxies(t);
    for (let i = 0; i < 100; i++) {
      run(t, "lambda f: f([1])")(f);
    }
    for (let i = 0; i < 20 && proxies(t) > before + 50; i++) {
      run(t, "import gc; gc.collect()");
      await new Promise((resolve) => setTimeout(resolve, 10));
      await t.collectGarbage();
    }
    assert.ok(proxies(t) <= before + 50, `${proxies(t)} proxies, ${before} before`);
  });
}

/** Calls of JavaScript in every position, each of which throws `error`; all give it back. */
const THROWING = {
  argument: (t, fail) => run(t, "lambda f: f()")(fail),
  "keyword argument": (t, fail) => run(t, "lambda *, f: f()").callKwargs({ f: fail }),
  "key of sort": (t, fail) => run(t, "lambda f: sorted([2, 1], key=f)")(fail),
  "iteration of map": (t, fail) => [...run(t, "lambda f: map(f, [1])")(fail)],
  "item of a generator": (t, fail) => run(t, "lambda f: (f() for _ in [1])")(fail).next(),
  __getattr__: (t, fail) =>
    run(t, "lambda f: type('A', (), {'__getattr__': lambda s, n: f()})()")(fail).x,
  __setattr__: (t, fail) => {
    run(t, "lambda f: type('A', (), {'__setattr__': lambda s, n, v: f()})()")(fail).x = 1;
  },
  __delattr__: (t, fail) =>
    delete run(t, "lambda f: type('A', (), {'__delattr__': lambda s, n: f()})()")(fail).x,
  __getitem__: (t, fail) =>
    run(t, "lambda f: type('A', (), {'__getitem__': lambda s, n: f()})()")(fail).get(1),
  __setitem__: (t, fail) =>
    run(t, "lambda f: type('A', (), {'__setitem__': lambda s, k, v: f()})()")(fail).set(1, 2),
  __contains__: (t, fail) =>
    run(t, "lambda f: type('A', (), {'__contains__': lambda s, k: f()})()")(fail).has(1),
  __len__: (t, fail) =>
    run(t, "lambda f: type('A', (), {'__len__': lambda s: f()})()")(fail).length,
  __iter__: (t, fail) => [
    ...run(t, "lambda f: type('A', (), {'__iter__': lambda s: f()})()")(fail),
  ],
  __next__: (t, fail) =>
    run(
      t,
      "lambda f: type('A', (), {'__next__': lambda s: f(), '__iter__': lambda s: s})()",
    )(fail).next(),
  __str__: (t, fail) => `${run(t, "lambda f: type('A', (), {'__str__': lambda s: f()})()")(fail)}`,
  __call__: (t, fail) => run(t, "lambda f: type('A', (), {'__call__': lambda s: f()})()")(fail)(),
  __buffer__: (t, fail) =>
    run(t, "lambda f: type('A', (), {'__buffer__': lambda s, n: f()})()")(fail).getBuffer(),
  "converted buffer": (t, fail) =>
    run(t, "lambda f: [type('A', (), {'__buffer__': lambda s, n: f()})()]")(fail).toJs(),
  __dir__: (t, fail) =>
    Reflect.ownKeys(run(t, "lambda f: type('A', (), {'__dir__': lambda s: f()})()")(fail)),
};

for (const [name, use] of Object.entries(THROWING)) {
  test(`what a callback throws comes through: ${name}`, (t) => {
    const error = new RangeError("thrown by a callback");
    const thrown = assert.throws(
      () =>
        use(t, () => {
          throw error;
        }),
      { name: "PythonError" },
      name,
    );
    assert.same(thrown.type, "JsException");
    assert.same(thrown.cause, error);
    assert.same(run(t, "1 + 1"), 2);
  });
}

test("callbacks of converters and comparisons throw what they throw", (t) => {
  const error = new RangeError("thrown by a callback");
  const fail = () => {
    throw error;
  };
  const list = run(t, "[[2], [1], {'a': range(2)}]");
  for (const use of [
    () => list.sort(fail),
    () => list.map(fail),
    () => list.toJs({ dict_converter: fail }),
    () => list.toJs({ default_converter: fail }),
    () => list.toJs({ eager_converter: fail }),
    () => list.toJs({ default_converter: (_value, convert) => convert(fail()) }),
  ]) {
    assert.same(assert.throws(use), error);
  }
  assert.same(list.toString(), "[[2], [1], {'a': range(0, 2)}]");
});

test("a copy has a reference of its own, and gives it back", (t) => {
  const globals = t.pyodide.runPython("{'thing': [1]}");
  const count = t.pyodide.runPython("import sys; lambda: sys.getrefcount(thing)", { globals });
  const proxy = globals.get("thing");
  const before = count();
  const copies = [proxy.copy(), proxy.copy()];
  assert.same(count(), before + 2);
  for (const copy of copies) {
    copy.destroy();
  }
  assert.same(count(), before);
  for (const each of [proxy, count, globals]) {
    each.destroy();
  }
});

test("nothing destroys the proxy of the globals", (t) => {
  t.pyodide.globals.destroy();
  t.pyodide.globals.destroy({ message: "gone" });
  assert.same(t.pyodide.globals.has("len"), true);
  assert.same(t.pyodide.globals.type, "dict");
  assert.same(t.pyodide.runPython("len('abc')"), 3);
});
