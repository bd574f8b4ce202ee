"""Chance that can be repeated: every draw is `random.Random.random()`, which Python keeps stable between versions."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values with weights, prepared for drawing."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.values = tuple(weights)
        self.bounds = tuple(accumulate(weights.values()))
        self.total = self.bounds[-1]


class Dice:
    """Draws from one seeded sequence."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed).random

    def chance(self, probability: float) -> bool:
        """True with `probability` (0…1)."""
        return self.random() < probability

    def one(self, values: Sequence[T]) -> T:
        """One of `values`, all equally likely."""
        return values[int(self.random() * len(values))]

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def weighted(self, weights: Weighted[T]) -> T:
        """One of the values by weight."""
        return weights.values[min(bisect_right(weights.bounds, self.random() * weights.total), len(weights.values) - 1)]
