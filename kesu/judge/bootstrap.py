"""How sure a figure is: the range in which it falls when the rows are drawn again, with a seed."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final

from kesu.judge.figures import Figure
from kesu.judge.scores import Pair

RESAMPLES: Final = 1_000
SEED: Final = 20_260_301
LEFT_OUT_EACH_SIDE: Final = 0.025


def drawn(rows: int, *, resamples: int = RESAMPLES, seed: int = SEED) -> list[list[int]]:
    """For each resample, which rows are in it: as many as there are, with repetition."""
    dice = random.Random(seed)
    return [dice.choices(range(rows), k=rows) for _ in range(resamples)]


def interval(figure: Figure, pairs: Sequence[Pair], draws: Sequence[Sequence[int]]) -> tuple[float, float]:
    """The middle 95 % of the figure over `draws`; draws in which no row has a label are passed over."""
    values = []
    for draw in draws:
        counted = Counter([pairs[index] for index in draw])
        labelled = {pair: count for pair, count in counted.items() if pair[0] is not None}
        if labelled:
            values.append(figure.score(labelled))
    return range_of(values)


def range_of(values: Sequence[float]) -> tuple[float, float]:
    """Where the middle 95 % of `values` lie."""
    ordered = sorted(values)
    edge = int(len(ordered) * LEFT_OUT_EACH_SIDE)
    return ordered[edge], ordered[-1 - edge]
