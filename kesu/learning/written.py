"""A fitted layer in whole numbers, as the member of a pack: the same weights are the same bytes."""

from typing import Final

import msgspec
import numpy as np

from kesu.learning.cuts import Cuts, own_sign
from kesu.learning.fitting import Floats
from kesu.learning.heads import Fitted
from kesu.learning.vocabulary import GRAM_SCALE, SIGN_SCALE
from services.routing.policy.learned import ALWAYS, RARITY_UNIT, UNIT, WEIGHT_MAX, ModelFile, Staged


def written(fitted: Fitted, cuts: Cuts, *, base: str) -> bytes:
    """The layer beside the rules of the pack with the hash `base`."""
    vocabulary, heads = fitted.vocabulary, tuple(fitted.weights)
    weights = np.column_stack([fitted.weights[head] for head in heads])
    always = weights[-1] + [cuts.added.get(head, 0.0) for head in heads]
    by_sign = {name: weights[column] * SIGN_SCALE for name, column in vocabulary.signs.items()}
    for number, head in enumerate(heads):
        if head in cuts.trust:
            by_sign.setdefault(own_sign(head), np.zeros(len(heads)))[number] += cuts.trust[head]
    signs = {name: _whole(row) for name, row in by_sign.items()}
    grams = {
        gram: (vocabulary.rarity[gram], *_whole(weights[column] * GRAM_SCALE * vocabulary.rarity[gram] / RARITY_UNIT))
        for gram, column in vocabulary.grams.items()
    }
    severity = {
        stage: Staged({head: _whole_one(weight) for head, weight in cut.of.items()}, _whole_one(cut.added))
        for stage, cut in cuts.severity.items()
    }
    model = ModelFile(
        format="kesu.learned.v1", base=base, rows={head: fitted.rows[head] for head in heads}, heads=heads,
        grams=grams, signs={ALWAYS: _whole(always)} | signs, severity=severity,
    )  # fmt: skip
    return msgspec.json.encode(model) + b"\n"


_MOST: Final = float(WEIGHT_MAX)


def _whole(values: Floats) -> tuple[int, ...]:
    return tuple(map(_whole_one, values))


def _whole_one(value: float) -> int:
    return round(min(_MOST, max(-_MOST, float(value) * UNIT)))
