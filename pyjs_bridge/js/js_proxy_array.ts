/** Arrays, typed arrays and lists of the browser by index. The mirror of js_proxy_array.c. */

import { encode } from "./convert.js";
import { encodeThrown } from "./errors.js";
import {
  JS_FLAG_JSON_VIEW,
  JS_OP_ARRAY_DELETE_STEPS,
  JS_OP_ARRAY_REPEAT,
  JS_OP_ARRAY_REVERSE,
  JS_OP_ARRAY_SET,
  JS_OP_ARRAY_SET_STEPS,
  JS_OP_ARRAY_SLICE,
  JS_OP_ARRAY_SPLICE,
  KIND_JSREF,
  KIND_MISSING,
} from "./generated.js";
import { addFlags, defineOperations, MISSING } from "./js_operations.js";
import { viewFlags } from "./js_proxy_object.js";
import { I32 } from "./memory.js";
import { getRef } from "./refs.js";
import { EXTRA, freeText, textTop } from "./slots.js";

/** Any of these, of any realm. Methods are not its own: pages and subclasses change them. */
type List = unknown[];

const { apply } = Reflect;
const { prototype } = Array;

function indexIn(list: List, index: number): number {
  return index < 0 ? index + list.length : index;
}

/** The import bridge_js_item. */
export function coilBoundaryItem(
  ref: number,
  index: number,
  isView: number,
  slots: number,
): number {
  const word = slots >>> 2;
  const text = textTop;
  try {
    const list = getRef(ref) as List;
    const at = index < 0 ? index + list.length : index;
    if (at < 0 || at >= list.length) {
      return KIND_MISSING;
    }
    encode(list[at], word);
    if (isView && I32[word] === KIND_JSREF) {
      I32[word + EXTRA] = (I32[word + EXTRA] as number) | viewFlags(list[at]);
    }
    return I32[word] as number;
  } catch (error) {
    return encodeThrown(error, word);
  } finally {
    freeText(text);
  }
}

function setItem(list: List, index: number, value: unknown): unknown {
  const at = indexIn(list, index);
  if (at < 0 || at >= list.length) {
    return MISSING;
  }
  list[at] = value;
  return undefined;
}

function slice(list: List, start: number, step: number, count: number, isView: boolean): List {
  const items = new Array<unknown>(count);
  for (let i = 0; i < count; i++) {
    items[i] = list[start + i * step];
  }
  addFlags(isView ? JS_FLAG_JSON_VIEW : 0);
  return items;
}

function splice(list: List, start: number, count: number, ...items: List): void {
  apply(prototype.splice, list, [start, count, ...items]);
}

function setSteps(list: List, start: number, step: number, ...items: List): void {
  for (let i = 0; i < items.length; i++) {
    list[start + i * step] = items[i];
  }
}

/** Moves what stays, once: splice for each would move everything each time. */
function deleteSteps(list: List, start: number, step: number, count: number): void {
  const first = step < 0 ? start + (count - 1) * step : start;
  const stride = Math.abs(step);
  const end = first + (count - 1) * stride;
  let to = first;
  for (let from = first; from < list.length; from++) {
    if (from > end || (from - first) % stride !== 0) {
      list[to++] = list[from];
    }
  }
  list.length = to;
}

function repeat(list: List, count: number): List {
  const items: List = [];
  for (let i = 0; i < count; i++) {
    for (const item of list) {
      items.push(item);
    }
  }
  return items;
}

function reverse(list: List): void {
  apply(prototype.reverse, list, []);
}

defineOperations({
  [JS_OP_ARRAY_SET]: setItem,
  [JS_OP_ARRAY_SLICE]: slice,
  [JS_OP_ARRAY_SPLICE]: splice,
  [JS_OP_ARRAY_SET_STEPS]: setSteps,
  [JS_OP_ARRAY_DELETE_STEPS]: deleteSteps,
  [JS_OP_ARRAY_REPEAT]: repeat,
  [JS_OP_ARRAY_REVERSE]: reverse,
});
