/** The members that kinds of proxies have: one prototype for each combination of flags. */

import { CLASSES } from "./ffi.js";
import * as Flag from "./generated.js";
import type { PyProxy } from "./py_proxy.js";
import { ARRAY_METHODS, MUTABLE_ARRAY_METHODS } from "./py_proxy_array.js";
import { AWAITABLE } from "./py_proxy_await.js";
import { BUFFER } from "./py_proxy_buffer.js";
import { CALLABLE } from "./py_proxy_call.js";
import { DICT } from "./py_proxy_dict.js";
import { type Family, handlersOf, PLAIN } from "./py_proxy_handlers.js";
import { CONTAINS, GET, LENGTH, SET } from "./py_proxy_item.js";
import {
  ASYNC_GENERATOR,
  ASYNC_ITERABLE,
  ASYNC_ITERATOR,
  GENERATOR,
  ITERABLE,
  ITERATOR,
} from "./py_proxy_iter.js";
import { BASE } from "./py_proxy_members.js";
import { SEQUENCE } from "./py_proxy_sequence.js";

/** What all proxies with the same flags have in common. */
export interface Kind {
  readonly flags: number;
  readonly prototype: object;
  readonly handlers: ProxyHandler<PyProxy>;
}

/** Reads a member for the object under a proxy. */
export type Member = (target: PyProxy) => unknown;

/** Later ones replace members of earlier ones. */
const MIXINS: readonly (readonly [flags: number, mixin: object])[] = [
  [Flag.PY_FLAG_LENGTH, LENGTH],
  [Flag.PY_FLAG_GET, GET],
  [Flag.PY_FLAG_SET, SET],
  [Flag.PY_FLAG_CONTAINS, CONTAINS],
  [Flag.PY_FLAG_ITERABLE, ITERABLE],
  [Flag.PY_FLAG_ASYNC_ITERABLE, ASYNC_ITERABLE],
  [Flag.PY_FLAG_ITERATOR, ITERATOR],
  [Flag.PY_FLAG_ASYNC_ITERATOR, ASYNC_ITERATOR],
  [Flag.PY_FLAG_GENERATOR, GENERATOR],
  [Flag.PY_FLAG_ASYNC_GENERATOR, ASYNC_GENERATOR],
  [Flag.PY_FLAG_AWAITABLE, AWAITABLE],
  [Flag.PY_FLAG_CALLABLE, CALLABLE],
  [Flag.PY_FLAG_BUFFER, BUFFER],
  [Flag.PY_FLAG_SEQUENCE, ARRAY_METHODS],
  [Flag.PY_FLAG_MUTABLE_SEQUENCE, MUTABLE_ARRAY_METHODS],
];

/** What objects of JavaScript have anyway; all else that they inherit is left to Python. */
const INHERITED = [
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "toLocaleString",
  "valueOf",
] as const;

function copyMembers(mixin: object, prototype: object): void {
  for (const key of Reflect.ownKeys(mixin)) {
    const descriptor = Object.getOwnPropertyDescriptor(mixin, key) as PropertyDescriptor;
    Object.defineProperty(prototype, key, { ...descriptor, enumerable: false });
  }
}

function prototypeOf(flags: number): object {
  const callable = flags & Flag.PY_FLAG_CALLABLE;
  const prototype = Object.create(callable ? Function.prototype : Object.prototype);
  copyMembers(BASE, prototype);
  Object.defineProperty(prototype, "constructor", { value: CLASSES.PyProxy });
  for (const [wanted, mixin] of MIXINS) {
    if (flags & wanted) {
      copyMembers(mixin, prototype);
    }
  }
  return prototype;
}

const { apply } = Reflect;

function memberOf(descriptor: PropertyDescriptor): Member {
  const { get, value } = descriptor;
  return get === undefined ? () => value : (target) => apply(get, target, []);
}

function membersOf(prototype: object, flags: number): Map<PropertyKey, Member> {
  const members = new Map<PropertyKey, Member>();
  for (const key of INHERITED) {
    const method = Object.prototype[key];
    members.set(key, () => method);
  }
  for (const key of Reflect.ownKeys(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
    members.set(key, memberOf(descriptor));
  }
  if (flags & Flag.PY_FLAG_CALLABLE) {
    // Functions have one that cannot be deleted, so an engine insists on it.
    members.set("prototype", (target) => Reflect.get(target, "prototype"));
  }
  return members;
}

function familyOf(flags: number): Family {
  if (flags & Flag.PY_FLAG_DICT) {
    return DICT;
  }
  return flags & Flag.PY_FLAG_SEQUENCE ? SEQUENCE : PLAIN;
}

function makeKind(flags: number): Kind {
  const prototype = prototypeOf(flags);
  const members = membersOf(prototype, flags);
  const handlers = handlersOf(familyOf(flags), members, prototype);
  return { flags, prototype, handlers: handlers as ProxyHandler<PyProxy> };
}

const kinds = new Map<number, Kind>();

export function kindFor(flags: number): Kind {
  let kind = kinds.get(flags);
  if (kind === undefined) {
    kind = makeKind(flags);
    kinds.set(flags, kind);
  }
  return kind;
}
