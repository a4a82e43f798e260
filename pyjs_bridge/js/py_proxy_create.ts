/** Proxies that Python makes on purpose, and its to_js(). The mirror of py_proxy_create.c. */

import { decode, encode, encodeRef } from "./convert.js";
import { encodeThrown } from "./errors.js";
import { C } from "./exports.js";
import {
  JS_FLAG_CALLABLE,
  JS_FLAG_ONCE,
  JS_OP_DESTROY_PROXIES,
  KEEP_ONCE,
  KIND_PYNEW,
  KIND_PYREF,
} from "./generated.js";
import { defineOperations } from "./js_operations.js";
import { I32 } from "./memory.js";
import {
  destroyProxy,
  destroyReturned,
  isPyProxy,
  keptProxyOf,
  PLAIN_PROPS,
  type PyProxy,
} from "./py_proxy.js";
import { type ToJsOptions, toJs } from "./py_to_js_deep.js";
import { EXTRA, freeText, PAYLOAD, textTop } from "./slots.js";

const WORDS = 4;

/* --- create_proxy(), create_once_callable() --- */

const ONLY_ONCE = "OnceProxy can only be called once";

/** A function that calls the object of a proxy once. */
function onceCallable(proxy: PyProxy): object {
  let called = false;
  const destroy = (): void => destroyProxy(proxy, ONLY_ONCE);
  const once = (...values: unknown[]): unknown => {
    if (called) {
      throw new Error(ONLY_ONCE);
    }
    called = true;
    try {
      return proxy["call"](undefined, ...values);
    } finally {
      destroy();
    }
  };
  return Object.assign(once, { destroy });
}

/** Makes what bridge.def describes of the slots at `word`. */
function keep(how: number, word: number): unknown {
  const [captureThis, roundtrip] = [1, 2].map((i) => Boolean(decode(word + i * WORDS)));
  const hasContext = I32[word + 3 * WORDS] === KIND_PYREF;
  const context = hasContext ? (I32[word + 3 * WORDS + PAYLOAD] as number) : 0;
  const pointer = I32[word + PAYLOAD] as number;
  const flags = I32[word + EXTRA] as number;
  if (how === KEEP_ONCE) {
    return onceCallable(keptProxyOf(pointer, flags, context));
  }
  const props = { ...PLAIN_PROPS, captureThis, roundtrip } as typeof PLAIN_PROPS;
  return keptProxyOf(pointer, flags, context, props);
}

/** The import bridge_js_keep. */
export function keepForPython(how: number, slots: number): number {
  const word = slots >>> 2;
  try {
    encodeRef(keep(how, word), word);
    if (how === KEEP_ONCE) {
      I32[word + EXTRA] = JS_FLAG_CALLABLE | JS_FLAG_ONCE;
    }
    return I32[word] as number;
  } catch (error) {
    return encodeThrown(error, word);
  }
}

/* --- destroy_proxies() --- */

function destroyEach(proxies: Iterable<unknown>): void {
  for (const proxy of proxies) {
    if (isPyProxy(proxy)) {
      destroyProxy(proxy as PyProxy);
    }
  }
}

defineOperations({ [JS_OP_DESTROY_PROXIES]: destroyEach });

/* --- to_js() --- */

/** Reads the options, in the order of bridge.def, and destroys the proxies of converters at the end. */
function convertWithOptions(word: number): unknown {
  const values = [1, 2, 3, 4, 5, 6].map((i) => decode(word + i * WORDS));
  const [depth, pyproxies, create, dict_converter, default_converter, eager_converter] = values;
  const options = {
    depth,
    pyproxies,
    create_pyproxies: Boolean(create),
    dict_converter,
    default_converter,
    eager_converter,
  } as ToJsOptions;
  try {
    return toJs(I32[word + PAYLOAD] as number, options);
  } finally {
    for (const value of values) {
      if (isPyProxy(value)) {
        destroyProxy(value as PyProxy);
      }
    }
  }
}

/** A Python object that has no conversion comes back as itself. */
function encodeResult(result: unknown, word: number): number {
  encode(result, word);
  if (I32[word] === KIND_PYREF) {
    C.coil_py_retain(I32[word + PAYLOAD] as number);
    I32[word] = KIND_PYNEW;
    destroyReturned(result as PyProxy);
  }
  return I32[word] as number;
}

/** The import bridge_js_deep. */
export function coilBoundaryDeep(slots: number): number {
  const word = slots >>> 2;
  const text = textTop;
  const object = I32[word + PAYLOAD] as number;
  try {
    return encodeResult(convertWithOptions(word), word);
  } catch (error) {
    return encodeThrown(error, word);
  } finally {
    C.coil_py_release(object);
    freeText(text);
  }
}
