/** Errors as exceptions in Python. The mirror of js_exception.c. */

import { exceptionOf } from "./errors.js";
import { JS_OP_ERROR_CAUSE, JS_OP_NEW_ERROR, KIND_PYREF } from "./generated.js";
import { DirectResult, defineOperations, MISSING } from "./js_operations.js";
import { I32 } from "./memory.js";
import { PAYLOAD } from "./slots.js";

/** The cause of an error if it is an object; that of Python is the exception itself. */
function causeOf(error: { cause?: unknown }): unknown {
  let cause: unknown;
  try {
    cause = error.cause;
  } catch {
    return MISSING; // a getter that throws is no cause
  }
  const pointer = exceptionOf(cause);
  if (pointer !== undefined) {
    return new DirectResult((word) => {
      I32[word] = KIND_PYREF;
      I32[word + PAYLOAD] = pointer;
    });
  }
  return typeof cause === "object" && cause !== null ? cause : MISSING;
}

function newError(_: unknown, name: string, message: string, stack: string): Error {
  const error = new Error(message);
  for (const [key, value] of Object.entries({ name, stack })) {
    Object.defineProperty(error, key, { value, writable: true, configurable: true });
  }
  return error;
}

defineOperations({
  [JS_OP_ERROR_CAUSE]: causeOf,
  [JS_OP_NEW_ERROR]: newError,
});
