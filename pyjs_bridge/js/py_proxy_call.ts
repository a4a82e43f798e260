/** The ways in which a proxy can be called besides f(...). */

import { PY_OP_RELAXED_CALL } from "./generated.js";
import { optionsOf } from "./options.js";
import { boundValues, callWith, finishCall } from "./py_call.js";
import { callPromising, canPromise } from "./py_call_promising.js";
import { operate } from "./py_operations.js";
import {
  type Attributes,
  attributesOf,
  checkAlive,
  derivedProxy,
  type PyProxy,
  permanentProxyOf,
  type Shared,
  self,
} from "./py_proxy.js";

/** Options of callWithOptions(). */
interface CallOptions {
  readonly relaxed?: boolean;
  readonly kwargs?: boolean;
  readonly promising?: boolean;
}

/** The arguments of a call: the values, and the names of the last ones. */
interface Arguments {
  readonly values: unknown[];
  readonly names: string[];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || attributesOf(value) !== undefined) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Of whatever realm: what Object.prototype has in common everywhere is that it inherits nothing.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Takes the keyword arguments off the end. */
function splitKeywords(given: readonly unknown[], how: string): Arguments {
  if (given.length === 0) {
    throw new TypeError(`${how} requires at least one argument (the key word argument object)`);
  }
  const keywords = given[given.length - 1];
  if (!isPlainObject(keywords)) {
    throw new TypeError("kwargs argument is not an object: pass a plain object as the last one");
  }
  const names = Object.keys(keywords);
  return { values: [...given.slice(0, -1), ...names.map((name) => keywords[name])], names };
}

let relaxedCall: PyProxy | undefined;

/** What is called in the place of a function to drop what it does not take; inspect knows what. */
function relaxedCallee(attributes: Attributes): Shared {
  checkAlive(attributes.shared);
  if (relaxedCall === undefined) {
    const function_ = operate(PY_OP_RELAXED_CALL, attributes.shared.pointer) as PyProxy;
    relaxedCall = permanentProxyOf(function_);
    function_["destroy"]();
  }
  return self(relaxedCall).shared;
}

/** The proxy as Python's own function, whatever it would be as a value. */
function derivedPlain({ proxy, props }: Attributes): PyProxy {
  const plain = { ...props, captureThis: false, isBound: false, roundtrip: false };
  return derivedProxy(self(proxy), plain);
}

function requirePromising(): void {
  if (!canPromise()) {
    throw new Error(
      "callPromising() needs an engine that can suspend WebAssembly (JSPI), which this one cannot; " +
        "call the function itself, or make it an async function",
    );
  }
}

function call(
  attributes: Attributes,
  receiver: unknown,
  { values, names }: Arguments,
  options: CallOptions,
): unknown {
  const { shared, props } = attributes;
  const bound = boundValues(props, receiver, values);
  const callee = options.relaxed ? relaxedCallee(attributes) : shared;
  const all = options.relaxed ? [derivedPlain(attributes), ...bound] : bound;
  if (options.promising) {
    requirePromising();
    checkAlive(shared);
    const result = callPromising(callee.pointer, shared.context, all, names);
    return result.then((value) => finishCall(shared, value));
  }
  return finishCall(shared, callWith(callee, all, names, shared.context));
}

function callWithOptions(
  proxy: unknown,
  options: CallOptions,
  given: readonly unknown[],
  how: string,
): unknown {
  const split = options.kwargs ? splitKeywords(given, how) : { values: [...given], names: [] };
  return call(self(proxy), undefined, split, options);
}

/** The values of apply(): an array-like object, or anything iterable. */
function listOf(values: unknown): unknown[] {
  if (values === undefined || values === null) {
    return [];
  }
  if (typeof values !== "object" && typeof values !== "function") {
    throw new TypeError("apply() needs its arguments as an array or something like one");
  }
  return Array.from(values as ArrayLike<unknown>);
}

function bind(attributes: Attributes, boundThis: unknown, values: readonly unknown[]): PyProxy {
  const { props } = attributes;
  return derivedProxy(attributes, {
    ...props,
    roundtrip: false,
    isBound: true,
    boundThis: props.isBound ? props.boundThis : boundThis,
    boundArgs: [...props.boundArgs, ...values],
  });
}

export const CALLABLE = {
  call(receiver?: unknown, ...values: unknown[]): unknown {
    return call(self(this), receiver, { values, names: [] }, {});
  },
  apply(receiver?: unknown, values?: unknown): unknown {
    return call(self(this), receiver, { values: listOf(values), names: [] }, {});
  },
  bind(receiver?: unknown, ...values: unknown[]): PyProxy {
    return bind(self(this), receiver, values);
  },
  captureThis(): PyProxy {
    const attributes = self(this);
    return derivedProxy(attributes, { ...attributes.props, roundtrip: false, captureThis: true });
  },
  callKwargs(...values: unknown[]): unknown {
    return callWithOptions(this, { kwargs: true }, values, "callKwargs");
  },
  callRelaxed(...values: unknown[]): unknown {
    return callWithOptions(this, { relaxed: true }, values, "callRelaxed");
  },
  callKwargsRelaxed(...values: unknown[]): unknown {
    return callWithOptions(this, { kwargs: true, relaxed: true }, values, "callKwargsRelaxed");
  },
  callWithOptions(options?: CallOptions, ...values: unknown[]): unknown {
    const checked = optionsOf("callWithOptions", options);
    return callWithOptions(this, checked, values, "callWithOptions");
  },
  callPromising(...values: unknown[]): unknown {
    return callWithOptions(this, { promising: true }, values, "callPromising");
  },
  callPromisingKwargs(...values: unknown[]): unknown {
    const options = { promising: true, kwargs: true };
    return callWithOptions(this, options, values, "callPromisingKwargs");
  },
};
