/** The classes of `pyodide.ffi`: `instanceof` tells what the Python object behind a proxy can do. */

import { PythonError } from "./errors.js";
import * as Flag from "./generated.js";
import { attributesOf } from "./py_proxy.js";
import { PyBufferView } from "./py_proxy_buffer.js";

type Class = abstract new (...values: never[]) => object;

/** A class without instances of its own. `test` decides by the flags of a proxy. */
function makeClass(name: string, test: (flags: number) => boolean): Class {
  const made = {
    [name]: class {
      constructor() {
        throw new TypeError(`${name} is not a constructor`);
      }

      static [Symbol.hasInstance](value: unknown): boolean {
        const attributes = attributesOf(value);
        return attributes !== undefined && test(attributes.shared.flags);
      }
    },
  };
  return made[name] as Class;
}

/** The class of objects that have one of some flags. */
function withFlags(name: string, flags: number): Class {
  return makeClass(name, (theirs) => (theirs & flags) !== 0);
}

export const CLASSES = {
  PyProxy: makeClass("PyProxy", () => true),
  PyProxyWithLength: withFlags("PyProxyWithLength", Flag.PY_FLAG_LENGTH),
  PyProxyWithGet: withFlags("PyProxyWithGet", Flag.PY_FLAG_GET),
  PyProxyWithSet: withFlags("PyProxyWithSet", Flag.PY_FLAG_SET),
  PyProxyWithHas: withFlags("PyProxyWithHas", Flag.PY_FLAG_CONTAINS),
  PyDict: withFlags("PyDict", Flag.PY_FLAG_DICT),
  PyIterable: withFlags("PyIterable", Flag.PY_FLAG_ITERABLE | Flag.PY_FLAG_ITERATOR),
  PyAsyncIterable: withFlags(
    "PyAsyncIterable",
    Flag.PY_FLAG_ASYNC_ITERABLE | Flag.PY_FLAG_ASYNC_ITERATOR,
  ),
  PyIterator: withFlags("PyIterator", Flag.PY_FLAG_ITERATOR),
  PyAsyncIterator: withFlags("PyAsyncIterator", Flag.PY_FLAG_ASYNC_ITERATOR),
  PyGenerator: withFlags("PyGenerator", Flag.PY_FLAG_GENERATOR),
  PyAsyncGenerator: withFlags("PyAsyncGenerator", Flag.PY_FLAG_ASYNC_GENERATOR),
  PyAwaitable: withFlags("PyAwaitable", Flag.PY_FLAG_AWAITABLE),
  PyCallable: withFlags("PyCallable", Flag.PY_FLAG_CALLABLE),
  PyBuffer: withFlags("PyBuffer", Flag.PY_FLAG_BUFFER),
  PySequence: withFlags("PySequence", Flag.PY_FLAG_SEQUENCE),
  PyMutableSequence: withFlags("PyMutableSequence", Flag.PY_FLAG_MUTABLE_SEQUENCE),
} as const;

/** All that `pyodide.ffi` holds; a function, since modules that import each other start in any order. */
export function makeFfi(): object {
  return { ...CLASSES, PyBufferView, PythonError };
}
