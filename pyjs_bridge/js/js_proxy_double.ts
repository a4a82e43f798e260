/** PyProxies that stay what they are in Python. The mirror of js_proxy_double.c. */

import { JS_OP_DESTROY, JS_OP_UNWRAP, KIND_PYREF } from "./generated.js";
import { DirectResult, defineOperations } from "./js_operations.js";
import { I32 } from "./memory.js";
import {
  type Attributes,
  attributesOf,
  checkAlive,
  destroyProxy,
  type PyProxy,
} from "./py_proxy.js";
import { PAYLOAD } from "./slots.js";

function unwrap(proxy: unknown): DirectResult {
  const { shared } = attributesOf(proxy) as Attributes;
  checkAlive(shared);
  return new DirectResult((word) => {
    I32[word] = KIND_PYREF;
    I32[word + PAYLOAD] = shared.pointer;
  });
}

function destroy(proxy: unknown): void {
  if (attributesOf(proxy) === undefined) {
    (proxy as { destroy(): void }).destroy();
  } else {
    destroyProxy(proxy as PyProxy);
  }
}

defineOperations({
  [JS_OP_UNWRAP]: unwrap,
  [JS_OP_DESTROY]: destroy,
});
