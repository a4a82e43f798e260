/** Exceptions of C++ that have left WebAssembly: only C++ knows what they are. */

import type { EntryExports, GlueModule } from "./glue.js";

/** WebAssembly.Exception. */
interface Thrown {
  is(tag: unknown): boolean;
  getArg(tag: unknown, index: number): number;
}

function isThrown(cause: unknown): cause is Thrown {
  return String(cause) === "[object WebAssembly.Exception]";
}

/**
 * What C++ says of an exception: its type and, of a std::exception, its message. Undefined for
 * everything else.
 */
export function describeThrown(
  cause: unknown,
  exports: EntryExports,
  module: GlueModule,
): string | undefined {
  if (!isThrown(cause)) {
    return undefined;
  }
  try {
    const header = cause.getArg(exports.__cpp_exception, 0);
    const object = exports.__thrown_object_from_unwind_exception(header);
    const text = exports.__get_exception_terminate_message(object) >>> 0;
    return module.UTF8ToString(text);
  } catch {
    return "an exception of another language than Python was not caught"; // not of C++
  }
}
