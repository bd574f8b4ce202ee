"""How well two columns agree, as functions of how often each pair (label, judged) came up."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from math import sqrt
from typing import Any, TypeAlias

Pair: TypeAlias = tuple[Hashable, Hashable]
Pairs: TypeAlias = Mapping[Any, int]  # keys are pairs; a mapping of pairs of numbers would be none of pairs of anything


def f1(pairs: Pairs, positive: Hashable) -> float:
    """Twice the hits of `positive` over how often it was labelled and how often judged; 0 where it never was."""
    hits = pairs.get((positive, positive), 0)
    labelled = sum(count for (label, _), count in pairs.items() if label == positive)
    judged = sum(count for (_, said), count in pairs.items() if said == positive)
    return 2 * hits / (labelled + judged) if labelled + judged else 0.0


def macro_f1(pairs: Pairs, classes: Sequence[Hashable]) -> float:
    """The mean of the F1 of all `classes`, each counting the same."""
    return sum(f1(pairs, one) for one in classes) / len(classes)


def kappa(pairs: Pairs) -> float:
    """Cohen's kappa: agreement beyond what the two columns' own frequencies would give; 1 where nothing else could be."""
    total = sum(pairs.values())
    agreed = sum(count for (label, said), count in pairs.items() if label == said) / total
    labels: Counter[Hashable] = Counter()
    judged: Counter[Hashable] = Counter()
    for (label, said), count in pairs.items():
        labels[label] += count
        judged[said] += count
    by_chance = sum(count * judged[one] for one, count in labels.items()) / total**2
    return (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0


def share_agreeing(pairs: Pairs) -> float:
    """How many of the pairs are equal."""
    return sum(count for (label, said), count in pairs.items() if label == said) / sum(pairs.values())


def correlation(pairs: Pairs) -> float:
    """Pearson's r; 0 where one of the columns never changes."""
    total = sum(pairs.values())
    mean_x = sum(x * count for (x, _), count in pairs.items()) / total
    mean_y = sum(y * count for (_, y), count in pairs.items()) / total
    together = sum((x - mean_x) * (y - mean_y) * count for (x, y), count in pairs.items())
    spread_x = sum((x - mean_x) ** 2 * count for (x, _), count in pairs.items())
    spread_y = sum((y - mean_y) ** 2 * count for (_, y), count in pairs.items())
    return together / sqrt(spread_x * spread_y) if spread_x and spread_y else 0.0


def mean_error(pairs: Pairs) -> float:
    """The mean of how far apart the two are."""
    apart: float = sum(abs(x - y) * count for (x, y), count in pairs.items())
    return apart / sum(pairs.values())
