/** Types of what `pyodide.ffi` holds. Types only: the classes themselves are at `pyodide.ffi`. */

/** A typed array or DataView over any buffer. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Options of {@link PyProxy.destroy}. */
export interface DestroyOptions {
  /** What a later use of the proxy says, instead of the usual message. */
  message?: string;
  /** false: leave a proxy alone that was made with `create_proxy(..., roundtrip=True)`. */
  destroyRoundtrip?: boolean;
}

/** Options of {@link PyProxy.toJs}. */
export interface ToJsOptions {
  /** How many levels of containers are converted; negative (default): all. */
  depth?: number;
  /** Every proxy that the conversion makes is appended to this array. */
  pyproxies?: PyProxy[];
  /** false: what cannot be converted raises ConversionError instead of becoming a proxy. */
  create_pyproxies?: boolean;
  /** Makes the result of a dict from its items. */
  dict_converter?: (items: Iterable<[key: any, value: any]>) => any;
  /** Converts objects that have no conversion. */
  default_converter?: Converter;
  /** Asked before the conversions of containers. */
  eager_converter?: Converter;
}

/**
 * @param object What is to be converted.
 * @param convert Converts another object by the same options.
 * @param cacheConversion Registers a result early, for objects that contain themselves.
 */
export type Converter = (
  object: PyProxy,
  convert: (object: PyProxy) => any,
  cacheConversion: (object: PyProxy, result: any) => void,
) => any;

/** Options of {@link PyCallable.callWithOptions}. */
export interface CallOptions {
  /** Surplus arguments are dropped. */
  relaxed?: boolean;
  /** The last argument holds keyword arguments. */
  kwargs?: boolean;
  /** The call may block; the result is a promise. */
  promising?: boolean;
}

/** A Python object in JavaScript. Attributes are properties; `$name` names Python's where both exist. */
export class PyProxy {
  protected constructor();
  [x: string]: any;
  /** `module.Name` of its class, without the module for builtins and `__main__`. */
  readonly type: string;
  readonly [Symbol.toStringTag]: "PyProxy";
  /** `str()` of the object. */
  toString(): string;
  /** Another proxy of the object, with a lifetime of its own. */
  copy(): this;
  /** Gives the object back to Python. Harmless if done twice. */
  destroy(options?: DestroyOptions): void;
  /** Converts containers. See the option for what happens to what they contain. */
  toJs(options?: ToJsOptions): any;
  [Symbol.dispose](): void;
}

declare class WithLength {
  readonly length: number;
}

declare class WithGet {
  /** `object[key]`; undefined where Python raises LookupError. */
  get(key: any): any;
  /** A view whose properties are the items, at every depth. */
  asJsJson(): any;
}

declare class WithSet {
  /** `object[key] = value`. */
  set(key: any, value: any): void;
  /** `del object[key]`. */
  delete(key: any): void;
}

declare class WithHas {
  /** `key in object`. */
  has(key: any): boolean;
}

/** An object with `__len__`. */
export class PyProxyWithLength extends PyProxy {}
export interface PyProxyWithLength extends WithLength {}

/** An object with `__getitem__`. */
export class PyProxyWithGet extends PyProxy {}
export interface PyProxyWithGet extends WithGet {}

/** An object with `__setitem__` and `__delitem__`. */
export class PyProxyWithSet extends PyProxy {}
export interface PyProxyWithSet extends WithSet {}

/** An object with `__contains__`. */
export class PyProxyWithHas extends PyProxy {}
export interface PyProxyWithHas extends WithHas {}

declare class Iterates {
  [Symbol.iterator](): IterableIterator<any>;
}

/** An object with `__iter__`. */
export class PyIterable extends PyProxy {}
export interface PyIterable extends Iterates {}

/** Exactly a `dict`. Items are properties as well, where no attribute has the name. */
export class PyDict extends PyProxy {}
export interface PyDict extends WithLength, WithGet, WithSet, WithHas, Iterates {}

declare class Advances {
  [Symbol.iterator](): this;
  /** `next()`, or `send(value)`. */
  next(value?: any): IteratorResult<any, any>;
}

/** An object with `__next__`. */
export class PyIterator extends PyProxy {}
export interface PyIterator extends Advances {}

/** A generator. */
export class PyGenerator extends PyProxy {}
export interface PyGenerator extends Advances {
  /** Raises an error where the generator waits. */
  throw(error: any): IteratorResult<any, any>;
  /** Ends the generator there. */
  return(value?: any): IteratorResult<any, any>;
}

declare class IteratesAsync {
  [Symbol.asyncIterator](): AsyncIterableIterator<any>;
}

/** An object with `__aiter__`. */
export class PyAsyncIterable extends PyProxy {}
export interface PyAsyncIterable extends IteratesAsync {}

declare class AdvancesAsync {
  [Symbol.asyncIterator](): this;
  next(value?: any): Promise<IteratorResult<any, any>>;
}

/** An object with `__anext__`. */
export class PyAsyncIterator extends PyProxy {}
export interface PyAsyncIterator extends AdvancesAsync {}

/** An asynchronous generator. */
export class PyAsyncGenerator extends PyProxy {}
export interface PyAsyncGenerator extends AdvancesAsync {
  throw(error: any): Promise<IteratorResult<any, any>>;
  return(value?: any): Promise<IteratorResult<any, any>>;
}

/** A coroutine, task or future. It is scheduled when it is first awaited. */
export class PyAwaitable extends PyProxy {}
export interface PyAwaitable extends Promise<any> {
  readonly [Symbol.toStringTag]: "PyProxy";
}

/** An object with `__call__`. */
export class PyCallable extends PyProxy {}
export interface PyCallable {
  (...args: any[]): any;
  call(thisArg: any, ...args: any[]): any;
  apply(thisArg: any, args: ArrayLike<any> | Iterable<any>): any;
  /** A proxy of the same lifetime with its first arguments given. */
  bind(thisArg: any, ...args: any[]): PyCallable;
  /** A proxy of the same lifetime that gets `this` as its first argument. */
  captureThis(): PyCallable;
  /** The last argument holds keyword arguments. */
  callKwargs(...args: any[]): any;
  /** Surplus arguments are dropped. */
  callRelaxed(...args: any[]): any;
  callKwargsRelaxed(...args: any[]): any;
  callWithOptions(options: CallOptions, ...args: any[]): any;
  /** The call may block; the result is a promise. */
  callPromising(...args: any[]): Promise<any>;
  callPromisingKwargs(...args: any[]): Promise<any>;
}

/** Names of the arrays that {@link PyBuffer.getBuffer} can give. */
export type BufferType =
  | "i8"
  | "u8"
  | "u8clamped"
  | "i16"
  | "u16"
  | "i32"
  | "u32"
  | "i64"
  | "u64"
  | "f32"
  | "f64"
  | "dataview";

/** An object with the buffer protocol. */
export class PyBuffer extends PyProxy {}
export interface PyBuffer {
  /** The memory itself, not a copy. The object is locked until the view is released. */
  getBuffer(type?: BufferType): PyBufferView;
}

declare class ReadsAsArray {
  readonly [Symbol.isConcatSpreadable]: true;
  join(separator?: string): string;
  slice(start?: number, end?: number): any[];
  lastIndexOf(item: any, fromIndex?: number): number;
  indexOf(item: any, fromIndex?: number): number;
  forEach(callback: (item: any, index: number, sequence: any) => void, thisArg?: any): void;
  map<T>(callback: (item: any, index: number, sequence: any) => T, thisArg?: any): T[];
  filter(callback: (item: any, index: number, sequence: any) => unknown, thisArg?: any): any[];
  some(callback: (item: any, index: number, sequence: any) => unknown, thisArg?: any): boolean;
  every(callback: (item: any, index: number, sequence: any) => unknown, thisArg?: any): boolean;
  reduce(callback: (sum: any, item: any, index: number, sequence: any) => any, initial?: any): any;
  reduceRight(
    callback: (sum: any, item: any, index: number, sequence: any) => any,
    initial?: any,
  ): any;
  at(index: number): any;
  concat(...rest: any[]): any[];
  includes(item: any): boolean;
  entries(): IterableIterator<[number, any]>;
  keys(): IterableIterator<number>;
  values(): IterableIterator<any>;
  find(callback: (item: any, index: number, sequence: any) => unknown, thisArg?: any): any;
  findIndex(callback: (item: any, index: number, sequence: any) => unknown, thisArg?: any): number;
  toJSON(): any[];
}

/** A `collections.abc.Sequence` other than str, with the methods of arrays that only read. */
export class PySequence extends PyProxy {}
export interface PySequence extends ReadsAsArray, WithLength, WithGet, Iterates {}

declare class WritesAsArray {
  reverse(): this;
  sort(compare?: (a: any, b: any) => number): this;
  splice(start: number, deleteCount?: number, ...items: any[]): any[];
  push(...items: any[]): number;
  pop(): any;
  shift(): any;
  unshift(...items: any[]): number;
  copyWithin(target: number, start?: number, end?: number): this;
  fill(value: any, start?: number, end?: number): this;
}

/** A `collections.abc.MutableSequence`, with all methods of arrays. */
export class PyMutableSequence extends PyProxy {}
export interface PyMutableSequence
  extends ReadsAsArray,
    WritesAsArray,
    WithLength,
    WithGet,
    WithSet,
    Iterates {}

/** Memory of a Python object. `data[offset]` is its first element. */
export class PyBufferView {
  protected constructor();
  /** null once released. */
  readonly data: TypedArray | DataView;
  readonly offset: number;
  readonly shape: number[];
  /** In elements of `data`. */
  readonly strides: number[];
  readonly ndim: number;
  readonly nbytes: number;
  readonly itemsize: number;
  readonly format: string;
  readonly readonly: boolean;
  readonly c_contiguous: boolean;
  readonly f_contiguous: boolean;
  /** Unlocks the object. Harmless if done twice. */
  release(): void;
  [Symbol.dispose](): void;
}

/** A Python exception in JavaScript. */
export class PythonError extends Error {
  constructor(type: string, message: string, address: number);
  /** Name of the exception's class, without its module. */
  readonly type: string;
  private readonly __error_address: number;
}
