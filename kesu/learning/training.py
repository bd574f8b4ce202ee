"""Training: fold by fold for the cuts, then on everything; the same examples and pack give the same bytes."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from kesu.learning.cuts import choose_cuts
from kesu.learning.examples import CannotLearn, Example
from kesu.learning.fitting import Floats
from kesu.learning.heads import Fitted, fit_heads, learnable
from kesu.learning.packs import rules_alone
from kesu.learning.seen import FOLDS, Seen, see
from kesu.learning.written import written
from services.routing.policy.learned import Head
from services.routing.policy.pack import Pack

EXAMPLES_MIN: Final = 100
EXAMPLES_MAX: Final = 50_000


class Crossed(Struct, frozen=True):
    """What every fold taught: heads fitted without the fold's rows, and their scores of just these rows."""

    heads: tuple[Head, ...]
    fitted: tuple[Fitted, ...]
    scores: dict[Head, Floats]


def train(examples: Sequence[Example], pack: Pack) -> bytes:
    """The layer that `examples` teach beside the rules of `pack` (a layer that it has is left out); raises CannotLearn."""
    rules = rules_alone(pack)
    rows = see(examples, rules)
    return finish(rows, cross(rows), base=rules.content_hash)


def finish(rows: Sequence[Seen], crossed: Crossed, *, base: str) -> bytes:
    """The layer of all rows, with the cuts that do best on rows not fitted."""
    return written(fit_heads(rows, crossed.heads), choose_cuts(rows, crossed.scores), base=base)


def cross(rows: Sequence[Seen]) -> Crossed:
    """Fit every fold's complement. Raises CannotLearn where there are too few or too many rows, or no label often enough."""
    if not EXAMPLES_MIN <= len(rows) <= EXAMPLES_MAX:
        raise CannotLearn(
            "examples_number",
            zh=f"需要 {EXAMPLES_MIN:,} 至 {EXAMPLES_MAX:,} 条有标注的案例，现有 {len(rows):,} 条",
            en=f"between {EXAMPLES_MIN:,} and {EXAMPLES_MAX:,} labelled cases are needed, there are {len(rows):,}",
        )
    heads = learnable(rows)
    if not heads:
        raise CannotLearn("labels_too_few", zh="没有一种标注的数量够用", en="there are not enough labels of any kind")
    scores = {head: np.zeros(len(rows)) for head in heads}
    fitted = []
    for fold in range(FOLDS):
        others = fit_heads([row for row in rows if row.fold != fold], heads)
        fitted.append(others)
        numbers = [number for number, row in enumerate(rows) if row.fold == fold]
        if numbers:
            for head, values in others.scores([rows[number] for number in numbers]).items():
                scores[head][numbers] = values
    return Crossed(heads, tuple(fitted), scores)


def fold_layers(rows: Sequence[Seen], crossed: Crossed, *, base: str) -> Iterator[tuple[list[int], bytes]]:
    """For every fold its rows' numbers, and a layer that saw none of them, neither in fitting nor in choosing cuts."""
    for fold, fitted in enumerate(crossed.fitted):
        own = [number for number, row in enumerate(rows) if row.fold == fold]
        other = [number for number, row in enumerate(rows) if row.fold != fold]
        if own:
            cuts = choose_cuts(
                [rows[number] for number in other], {head: values[other] for head, values in crossed.scores.items()}
            )
            yield own, written(fitted, cuts, base=base)
