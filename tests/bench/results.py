"""What a run of the benchmarks measured, kept by runtime and round."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from kernels import KERNELS

if TYPE_CHECKING:
    from access import FileSize
    from measure import Process, Samples
    from runtimes import Runtime

CLOCK_STEP = 1e-9  # seconds: no time is less


@dataclass
class Results:
    """All measurements; every list by round has one element for each round, in order."""

    runtimes: list[Runtime]
    starts: dict[Runtime, list[Process]] = field(default_factory=dict)
    jobs: dict[Runtime, list[Process]] = field(default_factory=dict)
    kernels: dict[Runtime, dict[str, list[Samples]]] = field(default_factory=dict)
    files: dict[Runtime, list[FileSize]] = field(default_factory=dict)
    deopts: dict[Runtime, dict[str, int]] = field(default_factory=dict)
    loads: list[float] = field(default_factory=list)

    def note_load(self) -> None:
        """Record the load average of the last minute."""
        self.loads.append(os.getloadavg()[0])

    def add_kernels(self, runtime: Runtime, samples: dict[str, Samples]) -> None:
        """Record one process of *runtime*."""
        of_runtime = self.kernels.setdefault(runtime, {})
        for name, found in samples.items():
            of_runtime.setdefault(name, []).append(found)

    def kernel_names(self) -> list[str]:
        """Return the kernels that were run, in the order of kernels.py and not of a round."""
        known = next(iter(self.kernels.values()), {})
        return [name for name in KERNELS if name in known]

    def wall(self, runtime: Runtime, kernel: str) -> list[float]:
        """Return the fastest sample of each process, by round, in seconds per repeat.

        The fastest and not the median: inside one process the neighbours' load only ever adds.
        Processes are compared by their median, since they differ in what the engine compiled.
        """
        return [min(samples.wall) for samples in self.kernels[runtime][kernel]]

    def cpu(self, runtime: Runtime, kernel: str) -> list[float]:
        """Return the CPU time of each process, by round, in seconds per repeat.

        The mean and not the least: the clock is read from outside, and a reader that comes late
        moves time from one sample to what lies between samples, or back.
        """
        return [max(fmean(samples.cpu), CLOCK_STEP) for samples in self.kernels[runtime][kernel]]

    def disagreements(self) -> list[str]:
        """Return a line for each kernel, and for the job, whose results differ."""
        checks: dict[str, set[str]] = {}
        for processes in self.jobs.values():
            checks.setdefault("job", set()).update(process.line for process in processes)
        for of_runtime in self.kernels.values():
            for name, samples in of_runtime.items():
                checks.setdefault(name, set()).update(sample.check for sample in samples)
        return [f"{name}: {sorted(found)}" for name, found in checks.items() if len(found) > 1]

    def as_json(self) -> dict[str, object]:
        """Return every single measurement, for a closer look than the tables give."""
        return {
            "loads": self.loads,
            "runtimes": [
                {
                    "label": runtime.label,
                    "engine": runtime.engine,
                    "starts": [asdict(process) for process in self.starts.get(runtime, [])],
                    "jobs": [asdict(process) for process in self.jobs.get(runtime, [])],
                    "kernels": {
                        name: [asdict(samples) for samples in processes]
                        for name, processes in self.kernels.get(runtime, {}).items()
                    },
                    "files": [asdict(size) for size in self.files.get(runtime, [])],
                    "deoptimisations": self.deopts.get(runtime, {}),
                }
                for runtime in self.runtimes
            ],
        }


def processor() -> str:
    """Return the name of the processor as Linux knows it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"
