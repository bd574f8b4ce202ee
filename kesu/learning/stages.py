"""What makes a complaint serious, by everything that the heads say of it: two stages and their cuts."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from scipy.sparse import csr_matrix

from kesu.learning.agreement import kappa
from kesu.learning.fitting import Floats, fit, yes_or_no
from kesu.learning.seen import Seen
from services.routing.policy.learned import Head, Stage

NEVER: Final = -1_000.0
"""What is added to the score of a head that is to say no whatever it reads."""
_PENALTY: Final = 3.0
_CUTS: Final = tuple(step / 5 for step in range(-4, 5))
_RESTS_ON: Final[tuple[Head, ...]] = ("complaint", "repeat", "abuse", "emotion", "serious", "ordinary")
_STAGES: Final[tuple[tuple[Stage, int], ...]] = (("serious", 2), ("ordinary", 3))


class StageCut(Struct, frozen=True):
    """What one stage of severity weighs, and what is added to it."""

    of: dict[Head, float]
    added: float


def fit_stages(rows: Sequence[Seen], scores: Mapping[Head, Floats]) -> dict[Stage, StageCut]:
    """What makes a complaint S2, or S3, rather than less, by everything that the heads say of it."""
    known = [number for number, row in enumerate(rows) if row.labels.severity is not None]
    wanted = np.array([int((rows[number].labels.severity or "S4")[1]) for number in known])
    major = np.array([rows[number].is_major for number in known], np.bool_)
    is_complaint = scores["complaint"][known] > 0
    heads = [head for head in _RESTS_ON if head in scores and (scores[head] > NEVER / 2).any()]
    parts = np.column_stack([scores[head][known] for head in heads])
    spread = np.maximum(parts.std(axis=0), 1e-6)
    found: dict[Stage, tuple[Floats, float]] = {}
    points: dict[Stage, Floats] = {}
    for stage, least in _STAGES:
        scaled = csr_matrix((parts / spread)[~major])
        weights = fit(scaled, yes_or_no((wanted <= least)[~major]), outputs=1, penalty=_PENALTY)[:, 0]
        found[stage] = weights[:-1] / spread, float(weights[-1])
        points[stage] = parts @ found[stage][0] + found[stage][1]

    def worth(serious: float, ordinary: float) -> tuple[float, float]:
        by_score = np.where(points["serious"] > serious, 2, np.where(points["ordinary"] > ordinary, 3, 4))
        got = np.where(major, 1, np.where(is_complaint, by_score, 4))
        return round(kappa(wanted, got), 3), -abs(serious) - abs(ordinary)

    serious, ordinary = max(((s, o) for s in _CUTS for o in _CUTS), key=lambda cuts: worth(*cuts))
    cuts: dict[Stage, float] = {"serious": serious, "ordinary": ordinary}
    return {
        stage: StageCut(dict(zip(heads, map(float, weights), strict=True)), always - cuts[stage])
        for stage, (weights, always) in found.items()
    }
