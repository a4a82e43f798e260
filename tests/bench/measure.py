"""Run one process of a runtime and measure it from outside, or read what it measured inside."""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass, field

from runtimes import ENVIRONMENT, HERE, BenchError, Runtime

KERNELS = HERE / "kernels.py"
_DEOPT = re.compile(r"reason: ([^)\n]*), type: Wasm\)")


@dataclass(frozen=True)
class Process:
    """One process: its first line and the seconds to it, CPU seconds in all, peak memory in MB."""

    line: str
    seconds: float
    cpu: float
    memory: float


@dataclass
class Samples:
    """The samples of one kernel in one process, in seconds per repeat, and its result."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    check: str = ""


@dataclass(frozen=True)
class KernelOptions:
    """How long each kernel warms up and is measured, in seconds, and how it is entered."""

    names: tuple[str, ...]
    warm_up: float = 0.5
    sample: float = 0.1
    samples: int = 3
    inline: bool = False

    def arguments(self, names: list[str]) -> list[str]:
        """Return the arguments of kernels.py."""
        return [
            f"--warm-up={self.warm_up}",
            f"--sample={self.sample}",
            f"--samples={self.samples}",
            *(["--inline"] if self.inline else []),
            *names,
        ]


def start_once(runtime: Runtime) -> Process:
    """Start *runtime*, wait for its first line and its end; BenchError if it prints another."""
    process = _run(runtime.label, [*runtime.start])
    if process.line != "2":
        raise BenchError(f"{runtime.label} printed {process.line!r} and not 2")
    return process


def job_once(runtime: Runtime, passes: int) -> Process:
    """Run the fixed job of kernels.py in *runtime*: its one line comes at the end."""
    return _run(runtime.label, [*runtime.program, str(KERNELS), f"--job={passes}"])


def _run(label: str, command: list[str]) -> Process:
    before = time.perf_counter()
    process = subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    if process.stdout is None or process.stderr is None:
        raise BenchError("no pipe from the process")
    with process.stdout, process.stderr:
        line = process.stdout.readline()
        elapsed = time.perf_counter() - before
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise BenchError(f"{label} ended with {process.returncode}: {errors.decode()}")
    return Process(
        line.decode().strip(), elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    )


def _cpu_clock(pid: int) -> int:
    """Return the id of the CPU clock of process *pid* (clock_getcpuclockid(3) on Linux)."""
    return ~pid << 3 | 2


def kernels_once(runtime: Runtime, names: list[str], options: KernelOptions) -> dict[str, Samples]:
    """Run the kernels *names* in one fresh process of *runtime*, in that order."""
    command = [*runtime.program, str(KERNELS), *options.arguments(names)]
    samples = {name: Samples() for name in names}
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is None or process.stderr is None:
            raise BenchError("no pipe from the process")
        clock, begun = _cpu_clock(process.pid), 0.0
        for line in process.stdout:
            cpu = time.clock_gettime(clock)
            if line.startswith("begin "):
                begun = cpu
            elif line.startswith("end "):
                _read_sample(line, cpu - begun, samples)
        errors = process.stderr.read()
    if process.returncode != 0 or not all(found.wall for found in samples.values()):
        raise BenchError(f"{runtime.label}: kernels ended with {process.returncode}: {errors}")
    return samples


def _read_sample(line: str, cpu: float, samples: dict[str, Samples]) -> None:
    _, name, count, seconds, check = line.rstrip("\n").split(" ", 4)
    samples[name].wall.append(float(seconds) / int(count))
    samples[name].cpu.append(cpu / int(count))
    samples[name].check = check


def deoptimisations(runtime: Runtime, options: KernelOptions) -> dict[str, int]:
    """Return how often V8 threw optimised wasm code away in a run of all kernels, by reason."""
    engine, *rest = runtime.program
    command = [engine, "--trace-deopt", *rest, str(KERNELS)]
    run = subprocess.run(
        [*command, *options.arguments(list(options.names))],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        raise BenchError(f"{runtime.label} with --trace-deopt: {run.stderr}")
    reasons = _DEOPT.findall(run.stdout)
    return {reason: reasons.count(reason) for reason in sorted(set(reasons))}
