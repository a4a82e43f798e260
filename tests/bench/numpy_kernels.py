"""NumPy kernels, timed inside the interpreter; the same program in every runtime.

Prints one line for each kernel: its name, the milliseconds of one call (the best of several
samples) and a number that depends on the result, so that runtimes can be checked against each
other.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = 5
SECONDS = 0.15  # of one sample

random = np.random.default_rng(1)
DOUBLES = random.random(100_000)
OTHERS = random.random(100_000) + 0.5
FLOATS = DOUBLES.astype(np.float32)
INTS = random.integers(0, 1000, 100_000)
BYTES = INTS.astype(np.uint8)
MATRIX = random.random((200, 200))
SINGLE = MATRIX.astype(np.float32)
ORDER = random.permutation(100_000)
MASK = DOUBLES > 0.5

KERNELS: dict[str, Callable[[], Any]] = {
    "add, float64": lambda: DOUBLES + OTHERS,
    "add, float32": lambda: FLOATS + FLOATS,
    "multiply and add, float64": lambda: DOUBLES * OTHERS + 1.5,
    "divide, float64": lambda: DOUBLES / OTHERS,
    "add, int64": lambda: INTS + INTS,
    "add, uint8": lambda: BYTES + BYTES,
    "compare, float64": lambda: DOUBLES < OTHERS,
    "sqrt, float64": lambda: np.sqrt(DOUBLES),
    "exp, float64": lambda: np.exp(DOUBLES),
    "exp, float32": lambda: np.exp(FLOATS),
    "log, float64": lambda: np.log(OTHERS),
    "sin, float64": lambda: np.sin(DOUBLES),
    "power, float64": lambda: OTHERS**1.5,
    "maximum, float64": lambda: np.maximum(DOUBLES, OTHERS),
    "sum, float64": lambda: DOUBLES.sum(),
    "sum, float32": lambda: FLOATS.sum(),
    "mean of an axis": lambda: MATRIX.mean(axis=0),
    "argmax, float64": lambda: DOUBLES.argmax(),
    "cumsum, float64": lambda: DOUBLES.cumsum(),
    "matmul, float64": lambda: MATRIX @ MATRIX,
    "matmul, float32": lambda: SINGLE @ SINGLE,
    "solve, 200 by 200": lambda: np.linalg.solve(MATRIX, MATRIX[0]),
    "eigvalsh, 200 by 200": lambda: np.linalg.eigvalsh(MATRIX + MATRIX.T),
    "sort, float64": lambda: np.sort(DOUBLES),
    "sort, int64": lambda: np.sort(INTS),
    "argsort, float64": lambda: np.argsort(DOUBLES),
    "fft, 65,536 points": lambda: np.fft.fft(DOUBLES[:65_536]),
    "take by index": lambda: DOUBLES[ORDER],
    "take by mask": lambda: DOUBLES[MASK],
    "where": lambda: np.where(MASK, DOUBLES, OTHERS),
    "random, float64": lambda: np.random.default_rng(2).random(100_000),
    "copy of a transposed matrix": lambda: np.ascontiguousarray(MATRIX.T),
    "unique, int64": lambda: np.unique(INTS),
}


def check(result: Any) -> float:
    """Return a number that depends on all of a result."""
    return round(float(np.abs(np.asarray(result, dtype=np.complex128)).sum()), 3)


def sample(kernel: Callable[[], object]) -> float:
    """Return the seconds that one call takes, as the mean of as many as fit into a sample."""
    calls = 0
    begin = now = perf_counter()
    while now - begin < SECONDS:
        kernel()
        calls += 1
        now = perf_counter()
    return (now - begin) / calls


def main() -> None:
    """Time all kernels."""
    for name, kernel in KERNELS.items():
        best = min(sample(kernel) for _ in range(SAMPLES))
        print(f"{name}\t{1000 * best:.6f}\t{check(kernel())}", file=sys.stdout, flush=True)


if __name__ == "__main__":
    main()
