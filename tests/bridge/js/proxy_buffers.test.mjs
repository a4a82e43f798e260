/** getBuffer(): views of the memory of Python objects. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const run = (t, code) => t.pyodide.runPython(`import array, ctypes\n${code}`);

/** Uses a view and releases it. */
function withView(t, code, type, use) {
  const proxy = run(t, code);
  const view = proxy.getBuffer(type);
  try {
    return use(view);
  } finally {
    view.release();
    proxy.destroy();
  }
}

test("a view shows the memory itself", (t) => {
  const proxy = run(t, "data = bytearray(b'abc'); data");
  const view = proxy.getBuffer();
  assert.ok(view instanceof t.pyodide.ffi.PyBufferView);
  assert.ok(view.data instanceof Uint8Array);
  view.data[0] = 65;
  assert.same(run(t, "bytes(data)").toJs()[0], 65);
  assert.throws(() => run(t, "data.append(1)"), { type: "BufferError" });
  view.release();
  assert.same(view.data, null);
  view.release();
  run(t, "data.append(1)");
  run(t, "del data");
});

test("the fields describe the buffer", (t) => {
  withView(t, "memoryview(bytearray(24)).cast('h', [3, 4])", undefined, (view) => {
    const { offset, shape, strides, ndim, nbytes, itemsize, format } = view;
    assert.deepEqual(
      { offset, shape, strides, ndim, nbytes, itemsize, format },
      { offset: 0, shape: [3, 4], strides: [4, 1], ndim: 2, nbytes: 24, itemsize: 2, format: "h" },
    );
    assert.deepEqual([view.readonly, view.c_contiguous, view.f_contiguous], [false, true, false]);
    assert.same(view.data.length, 12);
  });
  withView(t, "b'abc'", undefined, (view) => assert.same(view.readonly, true));
  withView(t, "memoryview(b'abcd').cast('i', [])", undefined, (view) => {
    assert.deepEqual([view.ndim, view.shape, view.strides, view.data.length], [0, [], [], 1]);
  });
});

test("an exporter that leaves out the strides has them", (t) => {
  const fields = ({ shape, strides, data }) => [shape, strides, Array.from(data)];
  withView(t, "(ctypes.c_int32 * 3)(1, 2, 3)", undefined, (view) => {
    assert.deepEqual(fields(view), [[3], [1], [1, 2, 3]]);
  });
  withView(t, "(ctypes.c_double * 2 * 2)((1, 2), (3, 4))", undefined, (view) => {
    assert.deepEqual(fields(view), [
      [2, 2],
      [2, 1],
      [1, 2, 3, 4],
    ]);
  });
});

test("each format has its array", (t) => {
  const cases = {
    b: Int8Array,
    B: Uint8Array,
    h: Int16Array,
    H: Uint16Array,
    i: Int32Array,
    I: Uint32Array,
    l: Int32Array,
    L: Uint32Array,
    q: BigInt64Array,
    Q: BigUint64Array,
    f: Float32Array,
    d: Float64Array,
  };
  for (const [format, ArrayType] of Object.entries(cases)) {
    withView(t, `array.array('${format}', [1, 2])`, undefined, (view) => {
      assert.ok(view.data instanceof ArrayType, format);
      assert.same(Number(view.data[1]), 2);
    });
  }
});

test("negative strides put the first element at the end", (t) => {
  withView(t, "memoryview(bytearray(b'abcdef'))[::-2]", undefined, (view) => {
    assert.deepEqual([view.offset, view.strides, view.shape, view.data.length], [4, [-2], [3], 5]);
    assert.same(String.fromCharCode(view.data[view.offset]), "f");
  });
});

test("another type is a view of the same memory", (t) => {
  withView(t, "memoryview(bytearray(8)).cast('q')", "u8", (view) => {
    assert.same(view.data.length, 8);
    assert.deepEqual([view.strides, view.itemsize], [[8], 8]);
  });
  withView(t, "array.array('i', [258])", "dataview", (view) => {
    assert.ok(view.data instanceof DataView);
    assert.same(view.data.getInt32(view.offset, true), 258);
  });
  withView(t, "bytearray(3)", "u8clamped", (view) =>
    assert.ok(view.data instanceof Uint8ClampedArray),
  );
});

test("what has no view is refused, and not locked", (t) => {
  const refused = [
    ["bytearray(3)", "i32", /alignment/],
    ["bytearray(3)", "nonsense", /Unknown type/],
    ["bytearray(3)", "constructor", /Unknown type/],
    ["(ctypes.c_int32.__ctype_be__ * 2)(1, 2)", undefined, /dataview.*toJs/],
    [
      "(type('P', (ctypes.Structure,), {'_fields_': [('x', ctypes.c_int)]}))()",
      undefined,
      /No typed array/,
    ],
  ];
  for (const [code, type, message] of refused) {
    const proxy = run(t, code);
    assert.throws(() => proxy.getBuffer(type), message, code);
    proxy.destroy();
  }
  const proxy = run(t, "data = bytearray(3); data");
  assert.throws(() => proxy.getBuffer("i32"));
  run(t, "data.append(1); del data");
});

test("data follows the memory when that grows", (t) => {
  withView(t, "bytearray(b'abc')", undefined, (view) => {
    const before = view.data;
    run(t, "len(bytearray(200_000_000))");
    assert.same(view.data[0], 97);
    assert.ok(before.length === 0 || before === view.data);
  });
});

test("a view outlives its proxy, and ends with Symbol.dispose", (t) => {
  const proxy = run(t, "data = bytearray(b'abc'); data");
  const view = proxy.getBuffer();
  proxy.destroy();
  assert.same(view.data[1], 98);
  if (Symbol.dispose) {
    view[Symbol.dispose]();
    assert.same(view.data, null);
  }
  view.release();
  run(t, "data.append(1); del data");
});
