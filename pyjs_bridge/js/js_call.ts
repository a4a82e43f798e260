/** Calls from Python into JavaScript. The mirror of js_call.c. */

import { decode, encode } from "./convert.js";
import { crossing } from "./crossing.js";
import { encodeThrown } from "./errors.js";
import { C } from "./exports.js";
import { KIND_PYNEW, KIND_PYREF } from "./generated.js";
import { endLater } from "./js_call_end.js";
import { redeem } from "./js_proxy.js";
import { I32 } from "./memory.js";
import { nameOf } from "./names.js";
import {
  attributesOf,
  destroyProxy,
  destroyReturned,
  type PyProxy,
  releaseWithGarbage,
  temporaryProxyOf,
} from "./py_proxy.js";
import { getRef } from "./refs.js";
import { EXTRA, freeText, PAYLOAD, textTop } from "./slots.js";
import { decodeString } from "./strings.js";

type AnyFunction = (...values: unknown[]) => unknown;

// Copies, since pages patch these.
const { apply, construct } = Reflect;

const AFTER_CALL =
  "This borrowed proxy was automatically destroyed at the end of a function call. " +
  "Use create_proxy() or create_once_callable() for one that lives on, or copy() it";

const WORDS = 4;

/** Proxies made for the arguments of one call; undefined until there is one. */
type Temporaries = PyProxy[] | undefined;

/** The proxies of the arguments that are being read; a call that begins meanwhile has its own. */
let temporaries: Temporaries;

function decodeArgument(word: number): unknown {
  if (I32[word] !== KIND_PYREF) {
    return decode(word);
  }
  const proxy = temporaryProxyOf(I32[word + PAYLOAD] as number, I32[word + EXTRA] as number);
  temporaries ??= [];
  temporaries.push(proxy);
  return proxy;
}

/** Keyword arguments become one object at the end. */
function decodeKeywords(word: number, count: number): object {
  const options: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const at = word + i * 2 * WORDS;
    Object.defineProperty(options, decodeString(at), {
      value: decodeArgument(at + WORDS),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return options;
}

function decodeArguments(word: number, nargs: number, nkwargs: number): unknown[] {
  const values = new Array<unknown>(nargs);
  for (let i = 0; i < nargs; i++) {
    values[i] = decodeArgument(word + i * WORDS);
  }
  if (nkwargs > 0) {
    values.push(decodeKeywords(word + nargs * WORDS, nkwargs));
  }
  return values;
}

/** Calls without keyword arguments and with few values allocate nothing. */
function coilBoundaryCall(
  f: AnyFunction,
  receiver: unknown,
  word: number,
  nargs: number,
  nkwargs: number,
): unknown {
  crossing();
  if (nkwargs === 0 && receiver === undefined) {
    switch (nargs) {
      case 0:
        return f();
      case 1:
        return f(decodeArgument(word));
      case 2:
        return f(decodeArgument(word), decodeArgument(word + WORDS));
    }
  } else if (nkwargs === 0 && nargs < 2) {
    return apply(f, receiver, nargs === 0 ? [] : [decodeArgument(word)]);
  }
  return apply(f, receiver, decodeArguments(word, nargs, nkwargs));
}

function coilBoundaryConstruct(f: AnyFunction, values: unknown[]): unknown {
  crossing();
  return construct(f, values);
}

function destroyAll(proxies: readonly PyProxy[]): void {
  for (const proxy of proxies) {
    destroyProxy(proxy, AFTER_CALL);
  }
}

/** Ends the life of the arguments' proxies, when the call that they were made for is over. */
function endTemporaries(proxies: PyProxy[], result: unknown): void {
  const end = (): void => destroyAll(proxies);
  const isObject = typeof result === "object" && result !== null;
  if (isObject && attributesOf(result) === undefined && endLater(result, end)) {
    proxies.forEach(releaseWithGarbage); // for what never comes to its end
  } else {
    end();
  }
}

/** A proxy that is a result is destroyed; C takes over its reference. */
function encodeResult(result: unknown, word: number): number {
  encode(result, word);
  if (I32[word] === KIND_PYREF) {
    C.coil_py_retain(I32[word + PAYLOAD] as number);
    I32[word] = KIND_PYNEW;
    destroyReturned(result as PyProxy, AFTER_CALL);
  }
  return I32[word] as number;
}

/** Runs `body`, whose result or exception goes into the slot at `word`. */
function finish(word: number, text: number, result: unknown, proxies: Temporaries): number {
  const kind = encodeResult(result, word);
  freeText(text);
  if (proxies !== undefined) {
    endTemporaries(proxies, result);
  }
  return kind;
}

function fail(word: number, text: number, error: unknown, proxies: Temporaries): number {
  freeText(text);
  const kind = encodeThrown(error, word);
  if (proxies !== undefined) {
    destroyAll(proxies);
  }
  return kind;
}

function receiverOf(ref: number): unknown {
  return ref === 0 ? undefined : getRef(ref);
}

/** The import bridge_js_call. */
export function callFunction(
  ref: number,
  receiver: number,
  slots: number,
  nargs: number,
  nkwargs: number,
): number {
  const outer = temporaries;
  const text = textTop;
  const word = slots >>> 2;
  temporaries = undefined;
  try {
    const self = receiver < 0 ? decodeArgument(word) : receiverOf(receiver);
    const first = receiver < 0 ? word + WORDS : word;
    const result = coilBoundaryCall(getRef(ref) as AnyFunction, self, first, nargs, nkwargs);
    return finish(word, text, result, temporaries);
  } catch (error) {
    return fail(word, text, error, temporaries);
  } finally {
    temporaries = outer;
  }
}

/** The import bridge_js_call_method. */
export function callMethod(
  ref: number,
  name: number,
  ticket: number,
  slots: number,
  nargs: number,
  nkwargs: number,
): number {
  const outer = temporaries;
  const text = textTop;
  const word = slots >>> 2;
  temporaries = undefined;
  try {
    const self = getRef(ref) as Record<string, AnyFunction>;
    const method = (redeem(ticket) ?? self[nameOf(name)]) as AnyFunction;
    const result = coilBoundaryCall(method, self, word, nargs, nkwargs);
    return finish(word, text, result, temporaries);
  } catch (error) {
    return fail(word, text, error, temporaries);
  } finally {
    temporaries = outer;
  }
}

/** The import bridge_js_construct. */
export function constructObject(
  ref: number,
  slots: number,
  nargs: number,
  nkwargs: number,
): number {
  const outer = temporaries;
  const text = textTop;
  const word = slots >>> 2;
  temporaries = undefined;
  try {
    const values = decodeArguments(word, nargs, nkwargs);
    const result = coilBoundaryConstruct(getRef(ref) as AnyFunction, values);
    return finish(word, text, result, temporaries);
  } catch (error) {
    return fail(word, text, error, temporaries);
  } finally {
    temporaries = outer;
  }
}
