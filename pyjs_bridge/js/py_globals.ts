/** `pyodide.globals`: the proxy of the dict of __main__, which knows the built-ins besides. */

import { PY_OP_GET_GLOBAL, PY_OP_HAS_GLOBAL } from "./generated.js";
import { operate, operateNamed } from "./py_operations.js";
import { destroyProxy, type PyProxy, permanentProxyOf, selfPointer } from "./py_proxy.js";

/** Makes it of an ordinary proxy, which it takes over. Nothing destroys the result. */
export function globalsProxy(dict: PyProxy): PyProxy {
  const globals = permanentProxyOf(dict);
  destroyProxy(dict);
  const pointer = selfPointer(globals);
  // A member that is assigned to is another one for this proxy alone.
  globals["get"] = (key: unknown) =>
    typeof key === "string"
      ? operateNamed(PY_OP_GET_GLOBAL, pointer, key)
      : operate(PY_OP_GET_GLOBAL, pointer, key);
  globals["has"] = (key: unknown) => operate(PY_OP_HAS_GLOBAL, pointer, key);
  return globals;
}
