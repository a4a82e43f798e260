/** Python objects in JavaScript: what all kinds of PyProxy share. The mirror of py_proxy.c. */

import { type Edges, forget, type Owner, promote, watch } from "./cycles.js";
import { C } from "./exports.js";
import { PY_FLAG_CALLABLE } from "./generated.js";
import { callTarget } from "./py_call.js";
import { handlersFor } from "./py_proxy_handlers.js";
import { prototypeFor } from "./py_proxy_types.js";

/** What proxies of one lifetime share: a proxy, and those made of it by bind() and captureThis(). */
export interface Shared {
  /** Address of the object; 0 once destroyed. */
  pointer: number;
  readonly flags: number;
  /** Why it cannot be used any more. */
  destroyed: string | undefined;
  /** Whether the reference is released when the proxy is garbage. */
  gcRegistered: boolean;
  /** Proxies of attributes that were read, which are destroyed with it. */
  children: Map<string, PyProxy> | undefined;
  /** The record that outlives it, once it is watched for garbage. */
  owner: Owner | undefined;
  /** JavaScript values that the object alone keeps alive; see cycles.ts. */
  edges: Edges | undefined;
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
  proxy: PyProxy;
}

// biome-ignore lint/suspicious/noExplicitAny: any attribute of the Python object can be read.
export type PyProxy = { [key: string]: any };

/** Clients find it by its description in Reflect.ownKeys(proxy). */
export const ATTRS = Symbol("pyproxy.attrs");

export const PLAIN_PROPS: Props = {
  captureThis: false,
  isBound: false,
  boundThis: undefined,
  boundArgs: [],
  roundtrip: false,
};

/**
 * What is watched is what the proxies of one lifetime share, not one of them: bind() may outlive
 * the proxy that it was called on.
 */
const registry = new FinalizationRegistry<Owner>((owner) => {
  live--;
  forget(owner);
  C.coil_py_release(owner.pointer);
});

let live = 0;

/** How many proxies hold a reference. */
export function proxyCount(): number {
  return live;
}

/* --- making --- */

function makeProxy(shared: Shared, props: Props): PyProxy {
  const target = (shared.flags & PY_FLAG_CALLABLE ? callTarget(shared, props) : {}) as PyProxy & {
    [ATTRS]: Attributes;
  };
  Object.setPrototypeOf(target, prototypeFor(shared.flags));
  const attributes: Attributes = { shared, props, proxy: target };
  Object.defineProperty(target, ATTRS, { value: attributes });
  const proxy = new Proxy(target, handlersFor(shared.flags)) as PyProxy;
  attributes.proxy = proxy;
  return proxy;
}

/** A proxy that owns a reference which the caller hands over, and keeps it until it is destroyed. */
export function temporaryProxyOf(pointer: number, flags: number): PyProxy {
  live++;
  const shared: Shared = {
    pointer,
    flags,
    destroyed: undefined,
    gcRegistered: false,
    children: undefined,
    owner: undefined,
    edges: undefined,
  };
  return makeProxy(shared, PLAIN_PROPS);
}

/** As {@link temporaryProxyOf}, and the reference is released with the garbage at the latest. */
export function proxyOf(pointer: number, flags: number): PyProxy {
  const proxy = temporaryProxyOf(pointer, flags);
  registerForGc(proxy);
  return proxy;
}

/** Another view of the same lifetime. */
export function derivedProxy(attributes: Attributes, props: Props): PyProxy {
  return makeProxy(attributes.shared, props);
}

export function registerForGc(proxy: PyProxy): void {
  const { shared } = attributesOf(proxy) as Attributes;
  shared.gcRegistered = true;
  shared.owner = watch(shared);
  registry.register(shared, shared.owner, shared);
}

/* --- looking inside --- */

/** What is behind a value, or undefined where it is no proxy of this interpreter. */
export function attributesOf(value: unknown): Attributes | undefined {
  let attributes: Attributes | undefined;
  try {
    attributes = (value as { [ATTRS]?: Attributes })[ATTRS];
  } catch {
    return undefined; // null, a revoked Proxy, a hostile getter
  }
  // An object that inherits from a proxy is none.
  return attributes?.proxy === value ? attributes : undefined;
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

/** The address of the object behind a proxy; 0 for other values. Throws for a destroyed proxy. */
export function pointerOf(value: object): number {
  const attributes = attributesOf(value);
  if (attributes === undefined) {
    return 0;
  }
  checkAlive(attributes.shared);
  return attributes.props.roundtrip || attributes.props.isBound || attributes.props.captureThis
    ? 0 // goes back as the JavaScript object that it is
    : attributes.shared.pointer;
}

/* --- destroying --- */

const BY_HAND = "Object has already been destroyed";

function release(shared: Shared, reason: string): void {
  const { pointer, children, owner } = shared;
  if (pointer === 0) {
    return;
  }
  live--;
  if (owner !== undefined) {
    registry.unregister(shared);
    forget(owner);
  }
  if (shared.edges !== undefined) {
    promote(shared); // the object may live on, for Python
  }
  shared.pointer = 0;
  shared.destroyed = reason;
  shared.children = undefined;
  if (children !== undefined) {
    for (const child of children.values()) {
      destroyProxy(child, `${BY_HAND}: it was an attribute of a proxy that was destroyed`);
    }
  }
  C.coil_py_release(pointer);
}

/** Drops the reference; a second time does nothing. */
export function destroyProxy(proxy: PyProxy, reason: string = BY_HAND): void {
  const attributes = attributesOf(proxy);
  if (attributes !== undefined) {
    release(attributes.shared, reason);
  }
}
