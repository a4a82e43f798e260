/**
 * The bridge between Python and JavaScript: the functions that C imports, and what the `pyodide`
 * object offers. State is at the top of modules; all of it is one factory (build.mjs), which the
 * loader calls once for each interpreter.
 */

import * as python from "./api.js";
import "./blocking.js";
import { convertNullToNone } from "./convert.js";
import { planSearch, searchCycles } from "./cycles.js";
import { attachExports, end, onFatal } from "./exports.js";
import { makeFfi } from "./ffi.js";
import type { BridgeImports } from "./generated.js";
import {
  checkInterrupt,
  interruptRunSoon,
  setInterruptBuffer,
  takeInterrupt,
} from "./interrupt_buffer.js";
import { callFunction, callMethod, constructObject } from "./js_call.js";
import "./js_exception.js";
import { coilBoundaryOperate } from "./js_operations.js";
import { coilBoundaryGet, coilBoundaryGetMethod, coilBoundarySet } from "./js_proxy.js";
import { coilBoundaryItem } from "./js_proxy_array.js";
import "./js_proxy_buffer.js";
import "./js_proxy_double.js";
import { coilBoundaryIterate } from "./js_proxy_iter.js";
import "./js_proxy_map.js";
import "./js_proxy_object.js";
import "./js_proxy_promise.js";
import { runLateSoon } from "./js_timers.js";
import { coilBoundaryFlatten, toPy } from "./js_to_py_deep.js";
import { attachMemory, refreshViews } from "./memory.js";
import { forgetAllNames, keepName } from "./names.js";
import { handleFresh } from "./promise_rejections.js";
import { settlePromising } from "./py_call_promising.js";
import { coilBoundaryDeep, keepForPython } from "./py_proxy_create.js";
import { toStringGivesRepr } from "./py_proxy_members.js";
import { toJsMakesLiteralMaps } from "./py_to_js_deep.js";
import { getRef, liveRefs, newRef, releaseRef, traceRefs } from "./refs.js";
import { attachTape } from "./slots.js";
import { collectAtCrossings } from "./stress.js";

/** What the loader tells the bridge once Python runs. */
export interface BridgeConfig extends python.StartConfig {
  readonly convertNullToNone: boolean;
  readonly toJsLiteralMap: boolean;
  readonly pyproxyToStringRepr: boolean;
  /** Called with what ended the interpreter. */
  readonly onFatal: (cause: unknown) => void;
}

/** By the names that C imports them under. */
export const imports: BridgeImports = {
  bridge_js_release: releaseRef,
  bridge_js_copy: (ref) => newRef(getRef(ref)),
  bridge_js_same: (ref, other) => (getRef(ref) === getRef(other) ? 1 : 0),
  bridge_js_name: keepName,
  bridge_js_get: coilBoundaryGet,
  bridge_js_set: coilBoundarySet,
  bridge_js_call: callFunction,
  bridge_js_get_method: coilBoundaryGetMethod,
  bridge_js_call_method: callMethod,
  bridge_js_item: coilBoundaryItem,
  bridge_js_construct: constructObject,
  bridge_js_operate: coilBoundaryOperate,
  bridge_js_settle: settlePromising,
  bridge_js_take_interrupt: takeInterrupt,
  bridge_js_keep: keepForPython,
  bridge_js_deep: coilBoundaryDeep,
  bridge_js_interrupt_run: interruptRunSoon,
  bridge_js_turns: runLateSoon,
  bridge_js_iterate: coilBoundaryIterate,
  bridge_js_flatten: coilBoundaryFlatten,
};

/** Connects the bridge with a fresh instance; Python has not started yet. */
export function attach(exports: WebAssembly.Exports, memory: WebAssembly.Memory): void {
  attachMemory(memory);
  attachExports(exports);
  attachTape();
}

/** To be called when a thread has ended the interpreter: a trap, exit(). */
export { end };

/** To be called before a stack of WebAssembly's is suspended. */
export const willSuspend = handleFresh;

/** To be called after each growth of memory. */
export const memoryGrew = refreshViews;

/** Connects the bridge with a started Python. */
export function start(config: BridgeConfig): void {
  onFatal(config.onFatal);
  convertNullToNone(config.convertNullToNone);
  toJsMakesLiteralMaps(config.toJsLiteralMap);
  toStringGivesRepr(config.pyproxyToStringRepr);
  python.startPythonSide(config);
  planSearch();
}

/** What the `pyodide` object is made of. */
export const api = {
  runPython: python.runPython,
  runPythonAsync: python.runPythonAsync,
  pyimport: python.pyimport,
  registerJsModule: python.registerJsModule,
  unregisterJsModule: python.unregisterJsModule,
  toPy,
  get globals(): unknown {
    return python.globals();
  },
  get pyodide_py(): unknown {
    return python.pyodidePy();
  },
  isPyProxy: python.isPyProxy,
  PythonError: python.PythonError,
  ffi: makeFfi(),
  setDebug: python.setDebug,
  setInterruptBuffer,
  checkInterrupt,
  debug: {
    counts: python.counts,
    searchCycles,
    handles: liveRefs,
    traceHandles: traceRefs,
    forgetNames: forgetAllNames,
    collectAtCrossings,
  },
};
