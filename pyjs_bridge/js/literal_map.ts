/**
 * The result of toJs() for a dict with the option toJsLiteralMap: a Map, for programs that expect
 * one, whose string keys are properties as well, for those that expect an object.
 *
 * It is no Proxy, since those cannot be cloned into workers. Each string key is an accessor of the
 * map's own; that another property is assigned to is noticed by the prototype.
 */

/** Whether a key can be a property: where a Map has a member of that name, it cannot. */
function isLiteral(key: unknown): key is string {
  return typeof key === "string" && !(key in LiteralMap.prototype);
}

class LiteralMap extends Map<unknown, unknown> {
  constructor(entries: Iterable<readonly [unknown, unknown]>) {
    super();
    Object.setPrototypeOf(this, PROTOTYPE);
    for (const [key, value] of entries) {
      this.set(key, value);
    }
  }

  /** Takes over that the property of a key was deleted. */
  #settle(key: unknown): void {
    if (isLiteral(key) && !Object.hasOwn(this, key)) {
      super.delete(key);
    }
  }

  #settleAll(): void {
    for (const key of [...super.keys()]) {
      this.#settle(key);
    }
  }

  override get(key: unknown): unknown {
    this.#settle(key);
    return super.get(key);
  }

  override has(key: unknown): boolean {
    this.#settle(key);
    return super.has(key);
  }

  override set(key: unknown, value: unknown): this {
    this.#settle(key);
    if (isLiteral(key) && !super.has(key)) {
      Object.defineProperty(this, key, {
        get: () => this.get(key),
        set: (other: unknown) => this.set(key, other),
        enumerable: true,
        configurable: true,
      });
    }
    return super.set(key, value);
  }

  override delete(key: unknown): boolean {
    this.#settle(key);
    if (isLiteral(key)) {
      Reflect.deleteProperty(this, key);
    }
    return super.delete(key);
  }

  override clear(): void {
    for (const key of Object.keys(this)) {
      Reflect.deleteProperty(this, key);
    }
    super.clear();
  }

  override get size(): number {
    this.#settleAll();
    return super.size;
  }

  override forEach(
    callback: (value: unknown, key: unknown, map: Map<unknown, unknown>) => void,
    receiver?: unknown,
  ): void {
    this.#settleAll();
    super.forEach(callback, receiver);
  }

  override entries(): MapIterator<[unknown, unknown]> {
    this.#settleAll();
    return super.entries();
  }

  override keys(): MapIterator<unknown> {
    this.#settleAll();
    return super.keys();
  }

  override values(): MapIterator<unknown> {
    this.#settleAll();
    return super.values();
  }

  override [Symbol.iterator](): MapIterator<[unknown, unknown]> {
    return this.entries();
  }
}

/** Between a map and its members: makes an item of a property that is new. */
const PROTOTYPE = new Proxy(LiteralMap.prototype, {
  set(members, key, value, map: LiteralMap) {
    if (!isLiteral(key)) {
      return typeof key === "symbol" && Reflect.set(members, key, value, map);
    }
    map.set(key, value);
    return true;
  },
});

/** A Map of `entries` whose string keys can be used as properties. */
export function literalMapOf(entries: Iterable<readonly [unknown, unknown]>): object {
  return new LiteralMap(entries);
}
