/**
 * The result of toJs() for a dict with the option toJsLiteralMap: a Map, for programs that expect
 * one, whose string keys are properties as well, for those that expect an object.
 */

/** Keys that are no properties since a Map has a member of that name. */
function isMember(map: object, key: PropertyKey): boolean {
  return typeof key === "symbol" || Reflect.has(map, key);
}

const HANDLERS: ProxyHandler<Map<unknown, unknown>> = {
  get(map, key) {
    if (!isMember(map, key)) {
      return map.get(key);
    }
    const value = Reflect.get(map, key);
    return typeof value === "function" ? value.bind(map) : value;
  },
  set(map, key, value) {
    if (isMember(map, key)) {
      return false;
    }
    map.set(key, value);
    return true;
  },
  has: (map, key) => map.has(key) || Reflect.has(map, key),
  deleteProperty(map, key) {
    if (!isMember(map, key)) {
      map.delete(key);
    }
    return true;
  },
  ownKeys: (map) =>
    [...map.keys()].filter((key) => typeof key === "string" && !isMember(map, key)) as string[],
  getOwnPropertyDescriptor(map, key) {
    if (isMember(map, key) || !map.has(key)) {
      return undefined;
    }
    return { value: map.get(key), writable: true, enumerable: true, configurable: true };
  },
};

/** A Map of `entries` whose string keys can be used as properties. */
export function literalMapOf(entries: Iterable<readonly [unknown, unknown]>): object {
  return new Proxy(new Map(entries), HANDLERS);
}
