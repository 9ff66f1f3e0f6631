"""The values of one figure over several runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log
from statistics import median
from typing import NamedTuple


class Series(NamedTuple):
    """One value a run, in the order of the runs."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def least(self) -> float:
        return min(self.values)

    @property
    def most(self) -> float:
        return max(self.values)

    def over(self, other: Series) -> Series:
        """The ratios to another series, run by run: what slows down both in one run cancels out."""
        return Series(tuple(ours / theirs for ours, theirs in zip(self.values, other.values, strict=True)))

    def minus(self, other: Series) -> Series:
        """The differences to another series, run by run."""
        return Series(tuple(ours - theirs for ours, theirs in zip(self.values, other.values, strict=True)))


def series(values: Sequence[float]) -> Series:
    """The values of several runs; there must be one at least."""
    if not values:
        raise ValueError("A series needs at least one value.")
    return Series(tuple(values))


def take(runs: int, *measurements: Callable[[], float]) -> tuple[Series, ...]:
    """Take each measurement once a run, in turn, so that a change of the machine's mood meets all of them."""
    rounds = [[measurement() for measurement in measurements] for _ in range(runs)]
    return tuple(series(values) for values in zip(*rounds, strict=True))


def growth(small: Series, large: Series, factor: float) -> Series:
    """The exponent of growth when the size grows by ``factor``: 1 is linear, 2 is quadratic."""
    return Series(tuple(log(ratio) / log(factor) for ratio in large.over(small).values))
