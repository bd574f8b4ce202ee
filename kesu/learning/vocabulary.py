"""The grams and signs that are worth a weight, and texts as rows of a sparse matrix over them."""

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt
from typing import Final

import numpy as np
from msgspec import Struct
from scipy.sparse import csr_matrix

from kesu.learning.seen import Seen
from services.routing.policy.learned import ALWAYS, RARITY_UNIT

TEXTS_MIN: Final = 3  # what fewer texts hold teaches little, and might tell who wrote it
GRAMS_MAX: Final = 12_000  # a pack with its layer travels as one event
SIGNS_MAX: Final = 2_000
GRAM_SCALE: Final = 3.0
SIGN_SCALE: Final = 0.3
"""How readily grams and signs are believed: a larger scale is a weaker penalty on their weights."""


class Vocabulary(Struct, frozen=True):
    """Columns of signs, then of grams; `rarity` of each gram in whole numbers."""

    signs: dict[str, int]
    grams: dict[str, int]
    rarity: dict[str, int]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.signs) + len(self.grams)

    def matrix(self, rows: Sequence[Seen]) -> csr_matrix:
        """One row per text: signs as they are, grams by rarity with length one, as they are weighed when judging."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for row in rows:
            signs = sorted(self.signs[sign] for sign in row.signs if sign in self.signs)
            grams = sorted(gram for gram in row.grams if gram in self.grams)
            norm = sqrt(sum(self.rarity[gram] ** 2 for gram in grams)) or 1.0
            columns += signs
            columns += [self.grams[gram] for gram in grams]
            values += [SIGN_SCALE] * len(signs)
            values += [GRAM_SCALE * self.rarity[gram] / norm for gram in grams]
            ends.append(len(columns))
        shape = (len(rows), self.width)
        return csr_matrix((np.array(values), np.array(columns, np.int32), np.array(ends, np.int32)), shape=shape)


def build_vocabulary(rows: Sequence[Seen]) -> Vocabulary:
    """What at least `TEXTS_MIN` texts hold, the most frequent of it; the same rows in any order give the same."""
    counted_signs = Counter(sign for row in rows for sign in set(row.signs) if sign != ALWAYS)
    counted_grams = Counter(gram for row in rows for gram in row.grams)
    signs, grams = _kept(counted_signs, SIGNS_MAX), _kept(counted_grams, GRAMS_MAX)
    rarity = {
        gram: round(RARITY_UNIT * (1 + log((1 + len(rows)) / (1 + counted_grams[gram])))) for gram in grams
    }  # fmt: skip
    return Vocabulary(
        {sign: number for number, sign in enumerate(signs)},
        {gram: number for number, gram in enumerate(grams, start=len(signs))},
        rarity,
    )


def _kept(counted: Counter[str], most: int) -> list[str]:
    frequent = sorted((name for name, count in counted.items() if count >= TEXTS_MIN), key=lambda n: (-counted[n], n))
    return sorted(frequent[:most])
