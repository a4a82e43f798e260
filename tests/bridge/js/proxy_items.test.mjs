/** Items of dicts and sequences as properties, and the methods of Array. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const run = (t, code) => t.pyodide.runPython(code);

test("get, set, delete and has are Python's operators", (t) => {
  const dict = run(t, "{'a': 1, 2: 'two', (1, 2): 'pair'}");
  assert.same(dict.get("a"), 1);
  assert.same(dict.get(2), "two");
  assert.same(dict.get(run(t, "(1, 2)")), "pair");
  assert.same(dict.get("missing"), undefined);
  assert.same(dict.get("missing", 5), undefined);
  dict.set("b", null);
  assert.same(dict.get("b"), null);
  assert.same(dict.has("b"), true);
  dict.delete("b");
  assert.same(dict.has("b"), false);
  assert.same(dict.length, 3);
  assert.throws(() => dict.delete("b"), { type: "KeyError" });
  assert.throws(() => dict.get(run(t, "[]")), { type: "TypeError" });
});

test("a missing item is undefined only for a LookupError", (t) => {
  const strange = run(
    t,
    "class S:\n  def __getitem__(self, k): raise {1: KeyError, 2: IndexError}.get(k, ValueError)(k)\nS()",
  );
  assert.same(strange.get(1), undefined);
  assert.same(strange.get(2), undefined);
  assert.throws(() => strange.get(3), { type: "ValueError" });
});

test("items of a dict are properties where no attribute has the name", (t) => {
  const dict = run(t, "{'a': 1, 2: 'two', '3': 'three', 'items': 'hidden', 'type': 'hidden'}");
  assert.same(dict.a, 1);
  assert.same(dict[2], "two");
  assert.same(dict["2"], "two");
  assert.same(dict[3], "three");
  assert.same(dict.type, "dict");
  assert.same(typeof dict.items, "function");
  assert.same(dict.$a, undefined);
  assert.same("a" in dict && "2" in dict && !("b" in dict), true);
  dict.b = 5;
  dict[2] = "changed";
  assert.same(run(t, "lambda d: (d['b'], d[2], '2' in d)")(dict).toJs().join(), "5,changed,false");
  delete dict.b;
  delete dict[2];
  assert.same(dict.has("b") || dict.has(2), false);
  assert.throws(() => delete dict.b, { type: "AttributeError" });
  assert.throws(() => (dict.pop = 1), { type: "AttributeError" });
});

test("int keys of any size are names, each its own", (t) => {
  const keys = [2n ** 53n, 2n ** 53n + 1n, 2n ** 60n, -(2n ** 60n), 2n ** 64n + 1n, 10n ** 30n];
  const dict = run(t, "lambda keys: {int(key): i for i, key in enumerate(keys)}")(keys);
  const names = keys.map(String);
  assert.deepEqual(Object.keys(dict), names);
  assert.deepEqual(
    Object.entries(dict),
    names.map((name, i) => [name, i]),
  );
  const object = Object.fromEntries(names.map((name, i) => [name, i]));
  assert.deepEqual(JSON.parse(JSON.stringify(dict)), object);
  assert.deepEqual(JSON.parse(JSON.stringify(dict.asJsJson())), object);
  for (const [i, key] of keys.entries()) {
    assert.deepEqual(
      [dict[key], String(key) in dict, dict.get(key), dict.has(key)],
      [i, true, i, true],
    );
    dict[key] = -i;
  }
  assert.deepEqual([...dict.keys()], keys);
  for (const name of names) {
    delete dict[name];
  }
  assert.same(dict.length, 0);
});

test("an int that has too many digits for a text has no name", (t) => {
  const digits = `1${"0".repeat(5000)}`;
  const dict = run(t, "{10**5000: 1, 'a': 2}");
  assert.deepEqual(Object.keys(dict), ["a"]);
  assert.same(JSON.stringify(dict), '{"a":2}');
  assert.deepEqual([dict[digits], digits in dict], [undefined, false]);
  dict[digits] = 3;
  assert.deepEqual([dict[digits], dict.length], [3, 3]);
});

test("a number as a name is the int that is there, otherwise a new str", (t) => {
  const dict = run(t, "{7: 'int'}");
  dict[7] = 1;
  dict[8] = 2;
  dict["07"] = 3;
  assert.same(dict.toString(), "{7: 1, '8': 2, '07': 3}");
  assert.deepEqual([dict[7], dict[8], dict["07"]], [1, 2, 3]);
});

test("an int and a str of one name: the str comes first, and the name once", (t) => {
  for (const type of ["dict", "OrderedDict"]) {
    const dict = run(t, `from collections import OrderedDict; ${type}({7: 'int', '7': 'str'})`);
    assert.same(JSON.stringify(dict.asJsJson()), '{"7":"str"}');
  }
  const dict = run(t, "{7: 'int', '7': 'str'}");
  assert.deepEqual(Object.entries(dict), [["7", "str"]]);
  delete dict[7];
  assert.deepEqual(Object.entries(dict), [["7", "int"]]);
});

test("a dict shows its items as keys and to JSON", (t) => {
  const dict = run(t, "{'a': 1, 2: [1, {'b': None}], '__proto__': 3, (1, 2): 'no name'}");
  assert.deepEqual(Object.keys(dict).sort(), ["2", "__proto__", "a"]);
  assert.same(
    JSON.stringify({ dict: run(t, "{'a': [1, {'b': 'c'}]}") }),
    '{"dict":{"a":[1,{"b":"c"}]}}',
  );
});

test("subclasses of dict have no items as properties", (t) => {
  const dict = run(t, "import collections; collections.OrderedDict(a=1)");
  assert.same(dict.a, undefined);
  assert.same(dict.get("a"), 1);
});

test("indices are properties of sequences", (t) => {
  const list = run(t, "[1, 'two', [3]]");
  assert.same(list[1], "two");
  assert.same(list["0"], 1);
  assert.same(list[3], undefined);
  assert.same(list[-1], undefined);
  assert.same(list["01"], undefined);
  assert.same("01" in list, false);
  assert.throws(() => (list["01"] = 1), { type: "AttributeError" });
  assert.throws(() => delete list["01"], { type: "AttributeError" });
  assert.same(list.get(-1).toString(), "[3]");
  assert.same(list.at(-1).toString(), "[3]");
  assert.deepEqual(["0" in list, "3" in list, "-1" in list], [true, false, false]);
  list[0] = "one";
  assert.same(list.toString(), "['one', 'two', [3]]");
  delete list[1];
  assert.same(list.length, 2);
  assert.throws(() => (list[9] = 1), TypeError);
  assert.throws(() => delete list[9], TypeError);
  const keys = Reflect.ownKeys(list).filter((key) => typeof key === "string");
  assert.deepEqual(keys, ["0", "1", "length"]);
});

test("sequences can be destructured and spread, and their items live on", (t) => {
  const tuple = run(t, "(1, [2], 'x')");
  const [one, two, x] = tuple;
  tuple.destroy();
  assert.deepEqual([one, two.toJs(), x], [1, [2], "x"]);
  assert.same(Array.isArray(run(t, "[1]")), false);
});

/** The same call for an Array and for the proxy of a list must give the same. */
const READING = {
  join: (a) => [a.join(), a.join("-")],
  slice: (a) => [a.slice(1), a.slice(-2, -1), a.slice()],
  indexOf: (a) => [a.indexOf(2), a.indexOf(9), a.lastIndexOf(2)],
  includes: (a) => [a.includes(3), a.includes("3")],
  map: (a) => a.map((x, i) => [x, i]),
  filter: (a) => a.filter((x) => x > 1),
  some: (a) => [a.some((x) => x > 2), a.every((x) => x > 2)],
  reduce: (a) => [a.reduce((s, x) => `${s}${x}`), a.reduceRight((s, x) => `${s}${x}`, "")],
  concat: (a) => [a.concat([9]), [8].concat(a)],
  entries: (a) => [[...a.entries()], [...a.keys()], [...a.values()]],
  find: (a) => [a.find((x) => x > 1), a.findIndex((x) => x > 1), a.find(() => false)],
  at: (a) => [a.at(0), a.at(-1), a.at(99)],
  json: (a) => JSON.stringify(a),
};

for (const [name, call] of Object.entries(READING)) {
  test(`reading as an Array: ${name}`, (t) => {
    assert.deepEqual(call(run(t, "[1, 2, 3, 2]")), call([1, 2, 3, 2]));
    assert.deepEqual(call(run(t, "(1, 2, 3, 2)")), call([1, 2, 3, 2]));
    assert.deepEqual(
      call(run(t, "import collections; collections.deque([1, 2, 3, 2])")),
      call([1, 2, 3, 2]),
    );
  });
}

/** Changes: the result, and what is there afterwards. */
const CHANGING = {
  push: (a) => [a.push(), a.push(7), a.push(8, 9)],
  pop: (a) => [a.pop(), a.pop()],
  shift: (a) => [a.shift(), a.shift()],
  unshift: (a) => [a.unshift(), a.unshift(7, 8)],
  reverse: (a) => a.reverse() === a,
  sort: (a) => a.sort() === a,
  "sort with a comparison": (a) => a.sort((x, y) => y - x) === a,
  fill: (a) => a.fill(0, 1, -1) === a,
  "fill all": (a) => a.fill("x") === a,
  copyWithin: (a) => a.copyWithin(0, 2) === a,
  "copyWithin back": (a) => a.copyWithin(1, 0, 3) === a,
  splice: (a) => a.splice(1, 2, "a", "b", "c"),
  "splice to the end": (a) => a.splice(-2),
  "splice nothing": (a) => [a.splice(), a.splice(1, 0, 5)],
  "splice with odd numbers": (a) => [
    a.splice(Number.NaN, 1),
    a.splice(0, -5, 1),
    a.splice(99, 9, 2),
  ],
};

for (const [name, call] of Object.entries(CHANGING)) {
  test(`changing as an Array: ${name}`, (t) => {
    for (const code of ["[10, 9, 1, 2]", "import collections; collections.deque([10, 9, 1, 2])"]) {
      const array = [10, 9, 1, 2];
      const proxy = run(t, code);
      const result = call(array);
      assert.deepEqual(call(proxy), result, code);
      assert.deepEqual([...proxy], array, code);
    }
  });
}

test("pop and shift of an empty sequence are undefined", (t) => {
  assert.same(run(t, "[]").pop(), undefined);
  assert.same(run(t, "[]").shift(), undefined);
  assert.throws(() => run(t, "[]").reduce(() => 1), TypeError);
});

test("callbacks get the proxy as their third argument, and what they throw comes through", (t) => {
  const list = run(t, "[1]");
  list.forEach((_item, _index, whole) => {
    assert.same(whole, list);
  });
  for (const name of ["forEach", "map", "filter", "some", "every", "find", "findIndex"]) {
    assert.throws(
      () =>
        list[name](() => {
          throw new RangeError(name);
        }),
      { message: name },
    );
  }
});

test("objects keep their identity when a sequence is rearranged", (t) => {
  const list = run(t, "class Item: pass\nitems = [Item(), Item()]; first = items[0]; items");
  list.reverse();
  list.sort(() => 1);
  list.push(list.shift());
  assert.same(run(t, "sum(item is first for item in items)"), 1);
  run(t, "del items, first, Item");
});

test("asJsJson is the inverse of json.loads, whatever the names of items", (t) => {
  const source = '{"items":[1,{"length":2,"get":[true]}],"keys":"x","constructor":{"a":"b"}}';
  const loads = run(t, "import json; json.loads");
  const view = loads(source).asJsJson();
  assert.same(JSON.stringify(view), source);
  assert.deepEqual(Object.keys(view), ["items", "keys", "constructor"]);
  assert.same(view.items[1].length, 2);
  assert.same(view.items.length, 2);
  view.items[1].length = 5;
  view.added = "new";
  delete view.keys;
  assert.same(
    JSON.stringify(view),
    '{"items":[1,{"length":5,"get":[true]}],"constructor":{"a":"b"},"added":"new"}',
  );
  assert.same("added" in view, true);
  assert.same(view.missing, undefined);
});

test("globals fall back to the built-ins and outlive destroy()", (t) => {
  const { globals } = t.pyodide;
  assert.same(globals, t.pyodide.globals);
  assert.same(globals.has("print"), true);
  assert.same(globals.get("no_such_name"), undefined);
  assert.same(globals.get("len").call(null, run(t, "[1, 2]")), 2);
  globals.set("set_by_test", 5);
  assert.same(run(t, "set_by_test"), 5);
  globals.delete("set_by_test");
  globals.destroy();
  assert.same(run(t, "1 + 1"), 2);
  run(t, "lambda f: f()")(() => globals);
  assert.same(globals.get("__name__"), "__main__");
});

test("the index behind the last one can be neither written nor deleted", (t) => {
  const list = t.pyodide.runPython("[1, 2]");
  assert.throws(() => {
    list[2] = 3;
  }, TypeError);
  assert.throws(() => {
    delete list[2];
  }, TypeError);
  assert.deepEqual(list.toJs(), [1, 2]);
  list.destroy();
});
