import * as assert from "../harness/assert.mjs";
import { evaluate, run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

const KINDS = [
  [Int8Array, "b", [-1, 2]],
  [Uint8Array, "B", [1, 255]],
  [Uint8ClampedArray, "B", [1, 255]],
  [Int16Array, "h", [-300, 2]],
  [Uint16Array, "H", [300, 2]],
  [Int32Array, "i", [-70000, 2]],
  [Uint32Array, "I", [4e9, 2]],
  [BigInt64Array, "q", [-5n, 2n]],
  [BigUint64Array, "Q", [5n, 2n]],
  [Float32Array, "f", [0.5, -2]],
  [Float64Array, "d", [0.1, -2]],
];

for (const [Kind, format, items] of KINDS) {
  test(`${Kind.name} becomes a memoryview of format ${format}`, (t) => {
    const array = Kind.from(items);
    for (const method of ["to_memoryview", "to_py"]) {
      run(
        t,
        `
m = a.${method}()
assert type(m) is memoryview and m.format == "${format}" and not m.readonly
assert list(m) == list(a) and m.nbytes == a.byteLength
m[0] = 0
assert a[0] != 0`,
        array,
      );
    }
  });
}

test("16-bit floats, where the engine has them", (t) => {
  const { Float16Array: Halves } = globalThis;
  if (Halves === undefined) {
    return;
  }
  run(t, "m = a.to_py()\nassert m.format == 'e' and list(m) == [0.5, -2]", Halves.of(0.5, -2));
});

test("views of a part of a buffer, ArrayBuffer and DataView", (t) => {
  const { buffer } = new Uint8Array([0, 1, 2, 3, 4]);
  run(t, "assert a.to_bytes() == b'\\x02\\x03'", new Uint8Array(buffer, 2, 2));
  run(
    t,
    "assert a.to_bytes() == b'\\x01\\x02' and a.to_py() == b'\\x01\\x02'",
    new DataView(buffer, 1, 2),
  );
  run(t, "assert a.to_bytes() == bytes(range(5)) and a.to_memoryview().format == 'B'", buffer);
  run(t, "assert a.to_bytes() == b'' and len(a.to_memoryview()) == 0", new ArrayBuffer(0));
});

test("to_string", (t) => {
  run(
    t,
    `
assert a.to_string() == "ü€" and a.to_string("latin-1") == "ü€".encode().decode("latin-1")
assert a.to_string(encoding="utf-8") == "ü€"
try: b.to_string()
except ValueError: pass
else: raise AssertionError
try: a.to_string("no-such-encoding")
except LookupError: pass
else: raise AssertionError`,
    new TextEncoder().encode("ü€"),
    new Uint8Array([255]),
  );
});

test("assign copies from Python, assign_to to Python", (t) => {
  const bytes = new Uint8Array(4);
  const doubles = new Float64Array(2);
  run(
    t,
    `
from array import array
a.assign(b"abcd")
target = bytearray(4)
a.assign_to(target)
assert target == b"abcd"
b.assign(array("d", [1.5, 2]))
back = array("d", [0, 0])
b.assign_to(back)
assert list(back) == [1.5, 2]
b.assign(bytes(16))
assert list(b) == [0, 0]`,
    bytes,
    doubles,
  );
  assert.deepEqual([...bytes], [97, 98, 99, 100]);
});

test("assign and assign_to go by the elements of a view, however they lie", (t) => {
  const bytes = new Uint8Array(3);
  const ints = new Int32Array(2);
  run(
    t,
    `
a.assign(memoryview(b"afbfc")[::2])
assert bytes(a.to_bytes()) == b"abc"
target = bytearray(6)
a.assign_to(memoryview(target)[::-2])
assert target == b"\\0c\\0b\\0a"
b.assign(memoryview(bytes(range(16))).cast("i")[::3])
assert list(b) == [0x03020100, 0x0f0e0d0c]
try: a.assign(memoryview(b"abcdefgh")[::2])
except ValueError: pass
else: raise AssertionError
try: a.assign_to(memoryview(b"abcdef")[::2])
except BufferError: pass
else: raise AssertionError`,
    bytes,
    ints,
  );
});

test("assign refuses other sizes and formats, and what is no buffer", (t) => {
  run(
    t,
    `
from array import array
for bad in (lambda: a.assign(b"abc"), lambda: a.assign_to(bytearray(5)),
            lambda: b.assign(array("q", [1, 2])), lambda: b.assign(array("f", [1, 2, 3, 4]))):
    try: bad()
    except ValueError: pass
    else: raise AssertionError
for bad in (lambda: a.assign("abcd"), lambda: a.assign(5)):
    try: bad()
    except TypeError: pass
    else: raise AssertionError
try: a.assign_to(b"abcd")
except (BufferError, TypeError): pass
else: raise AssertionError`,
    new Uint8Array(4),
    new Float64Array(2),
  );
});

test("to_file and from_file", (t) => {
  const bytes = new Uint8Array(5000).map((_, i) => i % 251);
  const copy = new Uint8Array(5000);
  const short = new Uint8Array(3);
  run(
    t,
    `
import os, tempfile
with tempfile.NamedTemporaryFile(delete=False) as f:
    pass
try:
    with open(f.name, "wb") as g: a.to_file(g)
    with open(f.name, "rb") as g:
        b.from_file(g)
        assert g.read() == b""
    with open(f.name, "w") as g:
        a._into_file(g)
    with open(f.name, "rb", buffering=0) as g: c.from_file(g)
    with open(f.name, "wb") as g: g.write(b"z")
    with open(f.name, "rb") as g: c.from_file(g)
finally:
    os.unlink(f.name)`,
    bytes,
    copy,
    short,
  );
  assert.deepEqual(copy, bytes);
  assert.deepEqual([...short], [122, 1, 2]);
});

test("shared memory", { hosts: ["node"] }, (t) => {
  const shared = new SharedArrayBuffer(4);
  new Uint8Array(shared).set([1, 2, 3, 4]);
  run(t, "assert a.to_bytes() == bytes([1, 2, 3, 4])\na.assign(b'abcd')", shared);
  assert.same(new Uint8Array(shared)[0], 97);
});

test("a buffer that is gone raises or is empty, and nothing breaks", (t) => {
  const buffer = new ArrayBuffer(8);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  assert.same(evaluate(t, "len(a)", view), 0);
  assert.throws(() => run(t, "a.to_bytes()\nassert False", view), { name: "PythonError" });
});

test("a megabyte crosses and grows the memory where needed", (t) => {
  const large = new Uint8Array(1 << 20).fill(7);
  run(
    t,
    "m = a.to_py()\nassert len(m) == 1 << 20 and m[-1] == 7\nassert a.to_bytes().count(7) == 1 << 20",
    large,
  );
});
