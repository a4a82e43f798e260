/** Running pieces of Python in tests. */

/**
 * Calls a Python function with JavaScript values.
 *
 * @param t What a test gets.
 * @param {string} source Ends with an expression: the function.
 * @param {unknown[]} values Its arguments.
 * @returns What the function returns.
 */
export function call(t, source, ...values) {
  const globals = t.pyodide.runPython("{}");
  const f = t.pyodide.runPython(source, { globals });
  try {
    return f(...values);
  } finally {
    f.destroy();
    globals.destroy();
  }
}

/**
 * Calls a Python function of one expression: `eq(t, "a + b", 1, 2)` has the arguments a, b, c, d.
 */
export function evaluate(t, expression, ...values) {
  return call(t, `lambda a=None, b=None, c=None, d=None: (${expression})`, ...values);
}

/** Has a Python function run statements on its argument `a`; they assert. */
export function run(t, statements, ...values) {
  const body = statements.replaceAll("\n", "\n    ");
  call(t, `def f(a=None, b=None, c=None, d=None):\n    ${body}\nf`, ...values);
}

/** As {@link run} for statements that await. The function's globals are kept until it is done. */
export async function runAsync(t, statements, ...values) {
  const body = statements.replaceAll("\n", "\n    ");
  const globals = t.pyodide.runPython("{}");
  const f = t.pyodide.runPython(`async def f(a=None, b=None, c=None, d=None):\n    ${body}\nf`, {
    globals,
  });
  try {
    await f(...values);
  } finally {
    f.destroy();
    globals.destroy();
  }
}
