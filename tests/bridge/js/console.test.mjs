import * as assert from "../harness/assert.mjs";
import { runAsync } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

test("a console takes lines and gives values, output and errors", async (t) => {
  await runAsync(
    t,
    `
from pyodide.console import Console
out = []
console = Console(stdout_callback=out.append)
assert await console.push("1 + 1") == 2
assert await console.push("await __import__('asyncio').sleep(0.001, 5)") == 5
assert [console.push(line).syntax_check for line in ("def f():", "  return 7")] == ["incomplete"] * 2
await console.push("")
assert await console.push("print(f())") is None
assert "".join(out) == "7\\n"
future = console.push("1 / 0")
try:
    await future
except ZeroDivisionError:
    pass
assert future.formatted_error.endswith("ZeroDivisionError: division by zero\\n")
assert console.push("1 1").syntax_check == "syntax-error"`,
  );
});

test("values reach JavaScript through the future of a chunk", async (t) => {
  const { pyodide } = t;
  const console = pyodide.runPython("from pyodide.console import Console; Console({})");
  const future = console.push("[1, 2, 3]");
  assert.same(future.syntax_check, "complete");
  const list = await future;
  assert.deepEqual(list.toJs(), [1, 2, 3]);
  list.destroy();
  future.destroy();
  console.destroy();
});

test("functions of JavaScript serve as streams", async (t) => {
  const written = [];
  const lines = ["first\n", ""];
  globalThis.coilTestStreams = { write: (text) => written.push(text), read: () => lines.shift() };
  await runAsync(
    t,
    `
from js import coilTestStreams as streams
from pyodide.console import Console
console = Console({}, stdin_callback=streams.read, stdout_callback=streams.write)
assert await console.push("input('? ')") == "first"
await console.push("print('a')")`,
  );
  assert.same(written.join(""), "? a\n");
  delete globalThis.coilTestStreams;
});

test("functions and objects of JavaScript can be bound to signatures", async (t) => {
  globalThis.coilTestPoint = {
    tags: [1, 2],
    move(to, { steps }) {
      return { to, steps, mine: this === globalThis.coilTestPoint };
    },
    later: async () => [1, [2]],
  };
  await runAsync(
    t,
    `
from _pyodide.jsbind import BindClass, Deep, Json
from js import coilTestPoint
class Point(BindClass):
    tags: Deep
    def move(self, to: Json, /, *, steps: int) -> Json: ...
    async def later(self) -> Deep: ...
point = coilTestPoint.bind_class(Point)
assert point.tags == [1, 2]
moved = point.move({"x": 1}, steps=2)
assert moved["to"]["x"] == 1 and moved["steps"] == 2 and moved["mine"] is True
assert await point.later() == [1, [2]]
def move(to: Deep, /, *, steps: int) -> Deep: ...
result = coilTestPoint.move.bind_sig(move)({"y": 1}, steps=3)
assert result == {"to": {"y": 1}, "steps": 3, "mine": True}, result`,
  );
  delete globalThis.coilTestPoint;
});
