import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("a listener is called until it is removed, and its proxy is released", async (t) => {
  await runAsync(
    t,
    `
from js import Event, EventTarget
from pyodide.ffi.wrappers import add_event_listener, remove_event_listener
log = []
def listen(event):
    log.append(event.type)
target, other = EventTarget.new(), EventTarget.new()
for _ in range(2):
    add_event_listener(target, "x", listen)
target.dispatchEvent(Event.new("x"))
target.dispatchEvent(Event.new("y"))
assert log == ["x"], log
remove_event_listener(target, "x", listen)
target.dispatchEvent(Event.new("x"))
assert log == ["x"], log
for wrong in ((target, "x", listen), (other, "x", listen)):
    try:
        remove_event_listener(*wrong)
    except KeyError:
        pass
    else:
        assert False`,
  );
});

test("a timeout comes once, a cleared one never, an interval until it is cleared", async (t) => {
  await runAsync(
    t,
    `
import asyncio
from pyodide.ffi.wrappers import clear_interval, clear_timeout, set_interval, set_timeout
log, future = [], asyncio.get_running_loop().create_future()
first = set_timeout(lambda: log.append("once"), 1)
clear_timeout(set_timeout(lambda: log.append("never"), 1))
def tick():
    log.append("tick")
    if log.count("tick") == 3:
        clear_interval(interval)
        set_timeout(lambda: future.set_result(None), 10)
interval = set_interval(tick, 1)
await future
clear_timeout(first)
clear_interval(interval)
assert sorted(log) == ["once", "tick", "tick", "tick"], log`,
  );
});
