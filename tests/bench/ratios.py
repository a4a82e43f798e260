"""Ratios of medians with bootstrap intervals, for values measured in interleaved rounds."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RESAMPLES = 4000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Ratio:
    """A ratio and the interval that holds it with 95 % confidence."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


def _bootstrap(rounds: int, statistic: Callable[[Sequence[int]], float]) -> Ratio:
    """Evaluate *statistic* of round numbers for all rounds, and for rounds drawn with replacement.

    Rounds are drawn, not single values: what ran in one round shared the machine's state, and that
    is the reason to interleave.
    """
    # Seeded, so that the same measurements give the same table.
    generator = random.Random(20240607)  # noqa: S311
    values = sorted(
        statistic([generator.randrange(rounds) for _ in range(rounds)]) for _ in range(RESAMPLES)
    )
    tail = (1 - CONFIDENCE) / 2
    low, high = values[int(tail * RESAMPLES)], values[math.ceil((1 - tail) * RESAMPLES) - 1]
    return Ratio(statistic(range(rounds)), low, high)


def _ratio(numbers: Sequence[float], others: Sequence[float], rounds: Sequence[int]) -> float:
    return median(numbers[i] for i in rounds) / median(others[i] for i in rounds)


def ratio_of_medians(numbers: Sequence[float], others: Sequence[float]) -> Ratio:
    """Return median(*numbers*) / median(*others*); both hold one value for each round."""
    return _bootstrap(len(numbers), lambda rounds: _ratio(numbers, others, rounds))


def geometric_mean_of_ratios(
    numbers: Sequence[Sequence[float]], others: Sequence[Sequence[float]]
) -> Ratio:
    """Return the geometric mean over kernels of the ratios of medians.

    Each element holds the values of one kernel, one for each round; the same rounds are drawn for
    all kernels, since kernels of one round ran in one process.
    """
    pairs = list(zip(numbers, others, strict=True))

    def mean(rounds: Sequence[int]) -> float:
        return math.exp(sum(math.log(_ratio(a, b, rounds)) for a, b in pairs) / len(pairs))

    return _bootstrap(len(numbers[0]), mean)
