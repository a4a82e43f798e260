"""The loader as a library: what bootInterpreter() gives, in engines with and without suspension."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import unittest
from pathlib import Path

from engines import CLI, ENGINES
from support import TIMEOUT, Outcome, start

COIL = str(Path(CLI).parents[1] / "coil.mjs")

PRELUDE = """
const coil = await import(process.argv[1]);
const { bootInterpreter } = coil;
const run = (interpreter, code, environment = []) => interpreter.runCommandLine({
  argv: ["/bin/coil", "-c", code], environment, workingDirectory: "",
});
const show = (value) => console.log(JSON.stringify(value));
const failure = (promise) => promise.then(
  () => null,
  (error) => [error.name, error.message, error instanceof coil.CoilError, error.kind ?? null],
);
"""

# An engine as Node had it before JavaScript Promise Integration.
WITHOUT_SUSPENSION = "delete WebAssembly.Suspending; delete WebAssembly.promising;\n"


def run_script(node: str, script: str) -> Outcome:
    """Run a module that has PRELUDE's names."""
    process = start(
        [node, "--input-type=module", "--eval", PRELUDE + script, COIL],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    output, errors = process.communicate(timeout=TIMEOUT)
    return Outcome(process.returncode, output, errors)


class BootTest(unittest.TestCase):
    """Each test runs a script on every engine."""

    def check(self, script: str, expected: bytes, status: int = 0) -> None:
        """Run a script and compare its output."""
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                outcome = run_script(engine.node, script)
                self.assertEqual(outcome.output, expected, outcome.errors)
                self.assertEqual(outcome.status, status, outcome.errors)

    def test_runs_a_command_line_and_returns_its_status(self) -> None:
        self.check(
            "show(await run(await bootInterpreter(), 'print(6 * 7); raise SystemExit(3)'));"
            "show(await run(await bootInterpreter(), 'print(1)'));",
            b"42\n3\n1\n0\n",
        )

    def test_interpreter_is_used_once(self) -> None:
        self.check(
            "const interpreter = await bootInterpreter(); await run(interpreter, 'pass');"
            "show((await failure(run(interpreter, 'pass')))[0]);",
            b'"CoilError"\n',
        )

    def test_two_interpreters_are_strangers(self) -> None:
        self.check(
            "const [a, b] = await Promise.all([bootInterpreter(), bootInterpreter()]);"
            'await run(a, \'import sys; sys.mark = 1; open("/tmp/x", "w").close()\');'
            'await run(b, \'import os, sys; print(hasattr(sys, "mark"), os.listdir("/tmp"))\');',
            b"False []\n",
        )

    def test_javascript_goes_on_while_python_waits(self) -> None:
        self.check(
            "const interpreter = await bootInterpreter(); let turns = 0;"
            "const timer = setInterval(() => turns++, 5);"
            "await run(interpreter, 'import time; time.sleep(0.5)');"
            "clearInterval(timer); show(turns > 5);",
            b"true\n",
        )

    def test_javascript_goes_on_while_python_computes(self) -> None:
        self.check(
            "const interpreter = await bootInterpreter(); let turns = 0;"
            "const timer = setInterval(() => turns++, 5);"
            "await run(interpreter, `import time\nend = time.monotonic() + 1\n"
            "while time.monotonic() < end: pass`);"
            "clearInterval(timer); show(turns > 5);",
            b"true\n",
        )

    def test_environment_is_what_is_given(self) -> None:
        self.check(
            "await run(await bootInterpreter(), 'import os; print(dict(os.environb))',"
            " ['A=1', new Uint8Array([66, 61, 255])]);",
            b"{b'A': b'1', b'B': b'\\xff'}\n",
        )

    def test_host_files_are_not_visible(self) -> None:
        self.check(
            "await run(await bootInterpreter(), 'import os, sys;"
            ' print(os.path.exists("/etc/passwd"), sys.prefix, os.getcwd())\');',
            b"False / /\n",
        )

    def test_death_is_a_typed_error(self) -> None:
        code = "import ctypes; ctypes.string_at(0xfffffff0, 64)"
        self.check(
            f"const [name, message, isCoil, kind] = await failure("
            f"run(await bootInterpreter(), {json.dumps(code)}));"
            "show([name, isCoil, kind, message.includes('memory')]);"
            "show(await run(await bootInterpreter(), 'print(1 + 1)'));",
            b'["FatalError",true,"trap",true]\n2\n0\n',
        )

    def test_engine_that_cannot_run_it(self) -> None:
        self.check(
            "WebAssembly.validate = () => false; show((await failure(bootInterpreter()))[0]);",
            b'"EngineUnsupportedError"\n',
        )

    def test_no_memory_for_the_instance(self) -> None:
        self.check(
            "WebAssembly.instantiate = () => Promise.reject(new RangeError('no memory'));"
            "const [name, message] = await failure(bootInterpreter());"
            "show([name, message.includes('no memory')]);",
            b'["BootError",true]\n',
        )

    def test_without_suspension_sleep_and_input_block(self) -> None:
        code = (
            "import time; t = time.monotonic(); time.sleep(0.2); print(time.monotonic() - t >= 0.2)"
        )
        self.check(
            f"{WITHOUT_SUSPENSION} show(await run(await bootInterpreter(), {json.dumps(code)}));"
            "show(await run(await bootInterpreter(), 'import sys; print(sys.stdin.read())'));",
            b"True\n0\n\n0\n",
        )

    def test_without_suspension_timers_fire(self) -> None:
        code = (
            "import signal, time\n"
            "signal.signal(signal.SIGALRM, lambda *a: print('alarm'))\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.1); time.sleep(0.3)\n"
        )
        self.check(
            f"{WITHOUT_SUSPENSION} show(await run(await bootInterpreter(), {json.dumps(code)}));",
            b"alarm\n0\n",
        )

    def test_without_suspension_control_c_ends_the_process(self) -> None:
        code = "print('ready', flush=True)\nwhile True: pass"
        script = f"{WITHOUT_SUSPENSION} await run(await bootInterpreter(), {json.dumps(code)});"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = start(
                    [engine.node, "--input-type=module", "--eval", PRELUDE + script, COIL],
                    stdout=subprocess.PIPE,
                )
                assert process.stdout
                process.stdout.readline()
                time.sleep(0.1)
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(TIMEOUT), -signal.SIGINT)
                process.stdout.close()
