"""How well decisions agree with labels, on arrays: what cuts are chosen by."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Flags: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = NDArray[np.int_]


def f1(wanted: Flags, got: Flags) -> float:
    """Twice the hits over both sums."""
    return 2.0 * float((wanted & got).sum()) / max(1, int(wanted.sum()) + int(got.sum()))


def kappa(wanted: Numbers, got: Numbers) -> float:
    """Agreement beyond chance."""
    values = np.unique(np.concatenate([wanted, got]))
    by_chance = sum(float((wanted == value).mean() * (got == value).mean()) for value in values)
    return (float((wanted == got).mean()) - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0


def macro_f1(wanted: Numbers, got: Numbers) -> float:
    """The mean F1 of all values that were wanted, each counting the same."""
    return float(np.mean([f1(wanted == value, got == value) for value in np.unique(wanted)]))
