/**
 * Random operations on both sides against a model in plain JavaScript: lists, dicts and objects of
 * Python seen through proxies, arrays, maps and objects of JavaScript changed by Python, proxies
 * that are copied and destroyed.
 *
 * `--set=sequences=N` of run.mjs says how many sequences there are, `--set=seed=N` where they begin.
 */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const SEQUENCES = 60;
const SEED = 4;

/** A failure tells the seed. */
function seedOf({ settings: { seed = SEED } }) {
  return seed === "random" ? Date.now() | 0 : Number(seed);
}

/** Python's part: the same operations by other means. `kept` are objects that Python knows. */
const PYTHON = `
from types import SimpleNamespace
from pyodide.ffi import to_js

kept = []

def keep(value):
    kept.append(value)
    return len(kept) - 1

def new_list(values): return keep(values.to_py())
def new_dict(): return keep({})
def new_namespace(): return keep(SimpleNamespace())
def get(i): return kept[i]
def append(i, value): kept[i].append(value)
def extend(i, values): kept[i].extend(values)
def insert(i, at, value): kept[i].insert(at, value)
def pop(i): return kept[i].pop() if len(kept[i]) else None
def reverse(i): kept[i].reverse()
def delete_slice(i, start, stop): del kept[i][start:stop]
def double(i): kept[i] += kept[i]
def set_item(i, key, value): kept[i][key] = value
def delete_item(i, key): kept[i].pop(key, None)
def set_attribute(i, name, value): setattr(kept[i], name, value)
def delete_attribute(i, name):
    if hasattr(kept[i], name):
        delattr(kept[i], name)
def content(i):
    value = kept[i]
    if isinstance(value, SimpleNamespace):
        value = vars(value)
    return to_js(list(value.items() if hasattr(value, "items") else value))
def entries(i):
    return to_js([[name, getattr(kept[i], name)] for name in kept[i].object_keys()])
`;

const NAMES = ["a", "b", "from", "length", "get", "items", "\u00e9"];

/** One container: what the model says of it, and how both languages reach it. */
class Cell {
  proxies = [];

  constructor(kind, model, index, object) {
    /** "list", "dict", "namespace": Python's; "array", "map", "object": JavaScript's. */
    this.kind = kind;
    this.model = model;
    /** Its place in Python's list. */
    this.index = index;
    /** The JavaScript object itself. */
    this.object = object;
  }

  get isPython() {
    return this.object === undefined;
  }
}

class World {
  cells = [];

  constructor(t) {
    this.t = t;
    this.globals = t.pyodide.runPython("{}");
    t.pyodide.runPython(PYTHON, { globals: this.globals });
    const names = [...PYTHON.matchAll(/^def (\w+)/gm)].map(([, name]) => name);
    this.python = Object.fromEntries(names.map((name) => [name, this.globals.get(name)]));
  }

  close() {
    for (const proxy of this.cells.flatMap((cell) => cell.proxies)) {
      proxy.destroy();
    }
    for (const f of Object.values(this.python)) {
      f.destroy();
    }
    this.t.pyodide.runPython("kept.clear()", { globals: this.globals });
    this.globals.destroy();
  }

  /** The cell of one of the kinds that a number chooses; undefined if there is none. */
  choose(number, ...kinds) {
    const cells = this.cells.filter((cell) => kinds.includes(cell.kind));
    return cells[number % cells.length];
  }

  /** A living proxy of a cell of Python's. */
  proxyOf(cell, number) {
    if (cell.proxies.length === 0) {
      cell.proxies.push(this.python.get(cell.index));
    }
    return cell.proxies[number % cell.proxies.length];
  }

  check(cell) {
    const { python } = this;
    const expected = entriesOf(cell.model);
    const seen = cell.kind === "object" ? python.entries(cell.index) : python.content(cell.index);
    assert.deepEqual(sorted(seen, cell), sorted(expected, cell), `${cell.kind} in Python`);
    if (!cell.isPython) {
      assert.deepEqual(entriesOf(cell.object), expected, `${cell.kind} in JavaScript`);
      assert.same(python.get(cell.index), cell.object);
    } else if (cell.kind === "list") {
      const proxy = this.proxyOf(cell, 0);
      assert.deepEqual([...proxy], expected, "a proxy of a list");
      assert.same(proxy.length, expected.length);
    }
  }
}

function entriesOf(model) {
  if (Array.isArray(model)) {
    return [...model];
  }
  return model instanceof Map ? [...model] : Object.entries(model);
}

/** Attributes have no order that both languages would agree on after a deletion. */
function sorted(entries, { kind }) {
  const hasOrder = ["list", "array", "dict", "map"].includes(kind);
  return hasOrder ? entries : [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The operations: (world, number, position, value). Those on a kind that is not there do nothing.
 * Each does to the model what it does to the container.
 */
const OPERATIONS = {
  "make a list": ({ cells, python }, n, _, value) => {
    const values = Array.from({ length: n % 4 }, () => value);
    cells.push(new Cell("list", values, python.new_list([...values])));
  },
  "make a dict": ({ cells, python }) => {
    cells.push(new Cell("dict", new Map(), python.new_dict()));
  },
  "make a namespace": ({ cells, python }) => {
    cells.push(new Cell("namespace", {}, python.new_namespace()));
  },
  "make an array": ({ cells, python }, n, _, value) => {
    const object = Array.from({ length: n % 4 }, () => value);
    cells.push(new Cell("array", [...object], python.keep(object), object));
  },
  "make a map": ({ cells, python }) => {
    const object = new Map();
    cells.push(new Cell("map", new Map(), python.keep(object), object));
  },
  "make an object": ({ cells, python }) => {
    const object = {};
    cells.push(new Cell("object", {}, python.keep(object), object));
  },

  "append in Python": onList(({ python }, cell, _, value) => {
    python.append(cell.index, value);
    cell.model.push(value);
  }),
  "extend in Python": onList(({ python }, cell, _, value) => {
    python.extend(cell.index, [value, 1, "x"]);
    cell.model.push(value, 1, "x");
  }),
  "insert in Python": onList(({ python }, cell, at, value) => {
    python.insert(cell.index, at, value);
    cell.model.splice(at, 0, value);
  }),
  "pop in Python": onList(({ python }, cell) => {
    assert.same(python.pop(cell.index), cell.model.pop());
  }),
  "reverse in Python": onList(({ python }, cell) => {
    python.reverse(cell.index);
    cell.model.reverse();
  }),
  "delete a slice in Python": onList(({ python }, cell, at) => {
    python.delete_slice(cell.index, at, at + 2);
    cell.model.splice(at, 2);
  }),
  "double in Python": onList(({ python }, cell) => {
    if (cell.model.length < 20) {
      python.double(cell.index);
      cell.model.push(...cell.model);
    }
  }),

  "push in JavaScript": onSequence((sequence, at, value) => sequence.push(value, at)),
  "pop in JavaScript": onSequence((sequence) => sequence.pop()),
  "shift in JavaScript": onSequence((sequence) => sequence.shift()),
  "unshift in JavaScript": onSequence((sequence, _, value) => sequence.unshift(value)),
  "splice in JavaScript": onSequence((sequence, at, value) =>
    Array.from(sequence.splice(at, 1, value, value)),
  ),
  "reverse in JavaScript": onSequence((sequence) => {
    sequence.reverse();
  }),
  "fill in JavaScript": onSequence((sequence, at, value) => {
    sequence.fill(value, at, at + 2);
  }),
  "copy within in JavaScript": onSequence((sequence, at) => {
    sequence.copyWithin(at, 0, 2);
  }),
  "write an index in JavaScript": onSequence((sequence, at, value) => {
    if (at < sequence.length) {
      sequence[at] = value;
    }
  }),
  "search in JavaScript": onSequence((sequence, _, value) => [
    sequence.indexOf(value),
    sequence.includes(value),
    sequence.lastIndexOf(value),
  ]),

  "set an item in Python": (world, n, at, value) => {
    const cell = world.choose(n, "dict", "map");
    if (cell) {
      world.python.set_item(cell.index, NAMES[at % NAMES.length], value);
      cell.model.set(NAMES[at % NAMES.length], value);
    }
  },
  "delete an item in Python": (world, n, at) => {
    const cell = world.choose(n, "dict", "map");
    if (cell) {
      world.python.delete_item(cell.index, NAMES[at % NAMES.length]);
      cell.model.delete(NAMES[at % NAMES.length]);
    }
  },
  "set an item in JavaScript": (world, n, at, value) => {
    const cell = world.choose(n, "dict", "map");
    if (cell) {
      (cell.object ?? world.proxyOf(cell, at)).set(NAMES[at % NAMES.length], value);
      cell.model.set(NAMES[at % NAMES.length], value);
    }
  },
  "get an item in JavaScript": (world, n, at) => {
    const cell = world.choose(n, "dict");
    if (cell) {
      const name = NAMES[at % NAMES.length];
      const proxy = world.proxyOf(cell, at);
      assert.same(proxy.get(name), cell.model.get(name));
      assert.same(proxy.has(name), cell.model.has(name));
    }
  },

  "set an attribute in Python": (world, n, at, value) => {
    const cell = world.choose(n, "namespace", "object");
    if (cell) {
      const name = NAMES[at % NAMES.length];
      // Of JavaScript's objects a keyword takes an underscore.
      const spelled = cell.kind === "object" && name === "from" ? "from_" : name;
      world.python.set_attribute(cell.index, spelled, value);
      cell.model[name] = value;
    }
  },
  "set an attribute in JavaScript": (world, n, at, value) => {
    const cell = world.choose(n, "namespace", "object");
    if (cell) {
      const name = NAMES[at % NAMES.length];
      const target = cell.object ?? world.proxyOf(cell, at);
      target[cell.isPython ? `$${name}` : name] = value;
      cell.model[name] = value;
    }
  },
  "delete an attribute in Python": (world, n, at) => {
    const cell = world.choose(n, "namespace");
    if (cell) {
      world.python.delete_attribute(cell.index, NAMES[at % NAMES.length]);
      delete cell.model[NAMES[at % NAMES.length]];
    }
  },

  "copy a proxy": (world, n, at) => {
    const cell = world.choose(n, "list", "dict", "namespace");
    if (cell) {
      cell.proxies.push(world.proxyOf(cell, at).copy());
    }
  },
  "destroy a proxy": (world, n) => {
    const cell = world.choose(n, "list", "dict", "namespace");
    const proxy = cell?.proxies.shift();
    if (proxy) {
      proxy.destroy();
      assert.throws(() => proxy.toString(), { message: /already been destroyed/ });
      assert.throws(() => world.python.keep(proxy), { message: /already been destroyed/ });
    }
  },
  "look for cycles": ({ t }) => {
    t.pyodide.coil._debug.searchCycles();
  },
};

/** An operation of Python on a list of Python's or an array. */
function onList(operate) {
  return (world, n, at, value) => {
    const cell = world.choose(n, "list", "array");
    if (cell) {
      operate(world, cell, at % (cell.model.length + 1), value);
    }
  };
}

/** An operation that an array and a proxy of a list both have: the results are the same. */
function onSequence(operate) {
  return (world, n, at, value) => {
    const cell = world.choose(n, "list", "array");
    if (cell) {
      const position = at % (cell.model.length + 1);
      const expected = operate(cell.model, position, value);
      const target = cell.object ?? world.proxyOf(cell, at);
      assert.deepEqual(operate(target, position, value), expected);
    }
  };
}

function perform(t, steps) {
  const world = new World(t);
  try {
    for (const [name, n, at, value] of steps) {
      OPERATIONS[name](world, n, at, value);
      const cell = world.cells[n % world.cells.length];
      if (cell) {
        world.check(cell);
      }
    }
    for (const cell of world.cells) {
      world.check(cell);
    }
  } finally {
    world.close();
  }
}

test("random sequences of operations do what the model says", { timeout: 120 }, async (t) => {
  const fc = await t.library("fast-check");
  const value = fc.oneof(
    fc.integer(),
    fc.constantFrom(undefined, null, true, false, 0.5, -0, 2 ** 53, 2n ** 70n),
    fc.string({ maxLength: 5 }),
  );
  const step = fc.tuple(fc.constantFrom(...Object.keys(OPERATIONS)), fc.nat(50), fc.nat(20), value);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => perform(t, steps)),
    { seed: seedOf(t), numRuns: Number(t.settings.sequences ?? SEQUENCES) },
  );
});

test("every operation happens", (t) => {
  const makers = Object.keys(OPERATIONS).filter((name) => name.startsWith("make"));
  const others = Object.keys(OPERATIONS).filter((name) => !name.startsWith("make"));
  // For each operation, containers of all kinds.
  const steps = others.flatMap((name) => [0, 1, 2, 3].map((n) => [name, n, n + 1, `${n}`]));
  perform(t, [...makers.map((name) => [name, 3, 0, "x"]), ...steps, ...steps]);
});
