/** Python objects in JavaScript: what all kinds of PyProxy share. The mirror of py_proxy.c. */

import { type Edges, type Owner, promote } from "./cycles.js";
import { C } from "./exports.js";
import { PY_FLAG_CALLABLE } from "./generated.js";
import { callTarget } from "./py_call.js";
import { releaseLater, watchNoMore } from "./py_proxy_garbage.js";
import { type Kind, kindFor } from "./py_proxy_kinds.js";
import { describeForDebugging } from "./py_proxy_messages.js";

/**
 * TRANSIENT: ends also when it is returned to Python. KEPT: made on purpose, ends by destroy().
 * PERMANENT: belongs to the interpreter, nothing ends it.
 */
type Lifetime = typeof TRANSIENT | typeof KEPT | typeof PERMANENT;
const TRANSIENT = 0;
const KEPT = 1;
const PERMANENT = 2;

/** What proxies of one lifetime share: a proxy, and those made of it by bind() and captureThis(). */
export interface Shared {
  /** Address of the object; 0 once destroyed. */
  pointer: number;
  readonly flags: number;
  /** Why it cannot be used any more. */
  destroyed: string | undefined;
  /** Whether the reference is released when the proxy is garbage. */
  gcRegistered: boolean;
  /** Where it waits to be watched for garbage; -1 when it does not. */
  waiting: number;
  /** Proxies of attributes, by name: the same one each time while the attribute is the same. */
  children: Map<string, PyProxy> | undefined;
  /** The record that outlives it, once it is watched for garbage. */
  owner: Owner | undefined;
  /** JavaScript values that the object alone keeps alive; see cycles.ts. */
  edges: Edges | undefined;
  /** Address of the contextvars.Context that it is called in, if it is known. */
  context: number;
  /** Who ends it besides the garbage collector. */
  readonly lifetime: Lifetime;
}

/** How one of them is called. */
export interface Props {
  readonly captureThis: boolean;
  readonly isBound: boolean;
  readonly boundThis: unknown;
  readonly boundArgs: readonly unknown[];
  /** For create_proxy(roundtrip=True): goes back to Python as a JsDoubleProxy. */
  readonly roundtrip: boolean;
}

/** What is behind a proxy, under the symbol {@link ATTRS}. */
export interface Attributes {
  readonly shared: Shared;
  readonly props: Props;
  readonly kind: Kind;
  proxy: PyProxy;
  /** Members that were assigned to. */
  shadows: Map<string, unknown> | undefined;
  /** What an awaitable that was scheduled will give. */
  promise: Promise<unknown> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: any attribute of the Python object can be read.
export type PyProxy = { [key: string | symbol]: any };

/** The object under the Proxy. */
export type Target = PyProxy & { [ATTRS]: Attributes };

/** Clients find it by its description in Reflect.ownKeys(proxy). */
export const ATTRS: unique symbol = Symbol("pyproxy.attrs");

export const PLAIN_PROPS: Props = {
  captureThis: false,
  isBound: false,
  boundThis: undefined,
  boundArgs: [],
  roundtrip: false,
};

let live = 0;

/** How many proxies hold a reference. */
export function proxyCount(): number {
  return live;
}

/* --- making --- */

function newShared(pointer: number, flags: number, context: number, lifetime: Lifetime): Shared {
  live++;
  return {
    pointer,
    flags,
    destroyed: undefined,
    gcRegistered: false,
    waiting: -1,
    children: undefined,
    owner: undefined,
    edges: undefined,
    context,
    lifetime,
  };
}

function makeProxy(shared: Shared, props: Props): PyProxy {
  const kind = kindFor(shared.flags);
  const target = (shared.flags & PY_FLAG_CALLABLE ? callTarget(shared, props) : {}) as Target;
  const attributes: Attributes = {
    shared,
    props,
    kind,
    proxy: target,
    shadows: undefined,
    promise: undefined,
  };
  target[ATTRS] = attributes;
  const proxy = new Proxy(target, kind.handlers as ProxyHandler<Target>) as PyProxy;
  attributes.proxy = proxy;
  return proxy;
}

/** A proxy that owns a reference which the caller hands over, and keeps it until it is destroyed. */
export function temporaryProxyOf(pointer: number, flags: number): PyProxy {
  return makeProxy(newShared(pointer, flags, 0, TRANSIENT), PLAIN_PROPS);
}

/** As {@link temporaryProxyOf}, and the reference is released with the garbage at the latest. */
export function proxyOf(pointer: number, flags: number): PyProxy {
  const shared = newShared(pointer, flags, 0, TRANSIENT);
  const proxy = makeProxy(shared, PLAIN_PROPS);
  releaseLater(shared);
  return proxy;
}

/** As {@link temporaryProxyOf}, called in a context whose reference it takes over (0: none). */
export function keptProxyOf(
  pointer: number,
  flags: number,
  context: number,
  props: Props = PLAIN_PROPS,
): PyProxy {
  const shared = newShared(pointer, flags, context, KEPT);
  const proxy = makeProxy(shared, props);
  // Python's half of a double proxy holds this one, so garbage it is only when nobody has either.
  releaseLater(shared);
  return proxy;
}

/** A proxy of the same object that belongs to the interpreter: nothing destroys it. */
export function permanentProxyOf(proxy: PyProxy): PyProxy {
  const { shared } = attributesOf(proxy) as Attributes;
  C.coil_py_retain(shared.pointer);
  return makeProxy(newShared(shared.pointer, shared.flags, 0, PERMANENT), PLAIN_PROPS);
}

/** Another proxy of the object, with a lifetime of its own. */
export function copyProxy({ shared, props }: Attributes): PyProxy {
  checkAlive(shared);
  C.coil_py_retain(shared.pointer);
  if (shared.context !== 0) {
    C.coil_py_retain(shared.context);
  }
  const copied = newShared(shared.pointer, shared.flags, shared.context, TRANSIENT);
  const proxy = makeProxy(copied, { ...props, roundtrip: false });
  releaseLater(copied);
  return proxy;
}

/** Another view of the same lifetime. */
export function derivedProxy(attributes: Attributes, props: Props): PyProxy {
  return makeProxy(attributes.shared, props);
}

/* --- looking inside --- */

/** What is behind a value, or undefined where it is no proxy of this interpreter. */
export function attributesOf(value: unknown): Attributes | undefined {
  if (value === undefined || value === null) {
    return undefined; // to throw and catch takes longer than most conversions
  }
  let attributes: Attributes | undefined;
  try {
    attributes = (value as { [ATTRS]?: Attributes })[ATTRS];
  } catch {
    return undefined; // a revoked Proxy, a hostile getter
  }
  // An object that inherits from a proxy, or has its properties, is none.
  return attributes?.proxy === value ? attributes : undefined;
}

/** What is behind `this` in a method of a proxy. Throws a TypeError for other values. */
export function self(receiver: unknown): Attributes {
  const attributes = (receiver as { [ATTRS]?: Attributes } | null | undefined)?.[ATTRS];
  if (attributes === undefined) {
    throw new TypeError("This method of a PyProxy was called on something else");
  }
  return attributes;
}

export function isPyProxy(value: unknown): boolean {
  return attributesOf(value) !== undefined;
}

/** Throws where the object is gone. To be called before each use of it. */
export function checkAlive(shared: Shared): void {
  if (shared.pointer === 0) {
    throw new Error(shared.destroyed);
  }
  if (shared.edges !== undefined) {
    promote(shared);
  }
}

/** The address of the living object behind `this`. */
export function selfPointer(receiver: unknown): number {
  const { shared } = self(receiver);
  checkAlive(shared);
  return shared.pointer;
}

/** The address of the object behind a proxy; 0 for other values. Throws for a destroyed proxy. */
export function pointerOf(value: object): number {
  const attributes = attributesOf(value);
  if (attributes === undefined) {
    return 0;
  }
  checkAlive(attributes.shared);
  return isDouble(attributes.props) ? 0 : attributes.shared.pointer;
}

/** Whether it goes to Python as the JavaScript object that it is. */
export function isDouble(props: Props): boolean {
  return props.roundtrip || props.isBound || props.captureThis;
}

/* --- attributes that were read --- */

/** The living proxy that was made for an attribute when it was read before. */
export function knownChild(shared: Shared, name: string): Attributes | undefined {
  const child = shared.children?.get(name);
  const attributes = child === undefined ? undefined : (child[ATTRS] as Attributes);
  return attributes !== undefined && attributes.shared.pointer !== 0 ? attributes : undefined;
}

/**
 * A proxy for an attribute: it is destroyed with the proxy that it was read from, unless another one
 * was made for the same name since. Both may be garbage before the other.
 */
export function childOf(shared: Shared, name: string, pointer: number, flags: number): PyProxy {
  const child = proxyOf(pointer, flags);
  shared.children ??= new Map();
  shared.children.set(name, child);
  return child;
}

const WITH_PARENT =
  "Object has already been destroyed: it was an attribute of a proxy that was destroyed. " +
  "Use copy() for one that lives on";

/* --- destroying --- */

const BY_HAND =
  "Object has already been destroyed. Use copy() for one that lives on, " +
  "or `pyodide.setDebug(true)` to see here what it was";

function releaseAll(shared: Shared): void {
  const { pointer, context } = shared;
  shared.pointer = 0;
  if (context !== 0) {
    shared.context = 0;
    C.coil_py_release(context);
  }
  C.coil_py_release(pointer);
}

function destroyShared(shared: Shared, reason: string): void {
  const { children } = shared;
  if (shared.destroyed !== undefined) {
    return;
  }
  shared.destroyed = reason; // the object's __repr__ may destroy it, too
  shared.destroyed += describeForDebugging(shared);
  live--;
  watchNoMore(shared);
  if (shared.edges !== undefined) {
    promote(shared); // the object may live on, for Python
  }
  shared.children = undefined;
  releaseAll(shared);
  if (children !== undefined) {
    for (const child of children.values()) {
      destroyProxy(child, WITH_PARENT);
    }
  }
}

/** Counts one that was released as garbage. */
export function countGarbage(): void {
  live--;
}

/** Drops the reference behind a proxy; a second time does nothing. */
export function destroyBehind({ shared }: Attributes, reason: string = BY_HAND): void {
  if (shared.lifetime !== PERMANENT) {
    destroyShared(shared, reason);
  }
}

/** Ends a proxy that is returned to Python, unless it was made to live on. */
export function destroyReturned(proxy: PyProxy, reason?: string): void {
  const attributes = attributesOf(proxy);
  if (attributes?.shared.lifetime === TRANSIENT) {
    destroyBehind(attributes, reason);
  }
}

/** Has a temporary proxy released with the garbage, if the call that it is for never ends. */
export function releaseWithGarbage(proxy: PyProxy): void {
  const shared = attributesOf(proxy)?.shared;
  if (shared !== undefined && shared.pointer !== 0 && !shared.gcRegistered) {
    releaseLater(shared);
  }
}

/** As {@link destroyBehind} for what may be no proxy. */
export function destroyProxy(proxy: PyProxy, reason?: string): void {
  const attributes = attributesOf(proxy);
  if (attributes !== undefined) {
    destroyBehind(attributes, reason);
  }
}
