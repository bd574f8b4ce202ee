"""From which score on a head says yes, and what makes a complaint serious: chosen by scores of rows that were not fitted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kesu.learning.fitting import Floats, fit, yes_or_no
from kesu.learning.seen import Seen
from services.routing.policy.learned import Head, Stage

Flags: TypeAlias = NDArray[np.bool_]
_TRIED: Final = np.linspace(0.02, 0.98, 97)
_AS_GOOD: Final = 0.01  # cuts that do nearly as well as the best: the middle of them is the least due to chance
_GAIN_MIN: Final = 0.005  # abuse is added only where that helps
_NEVER: Final = -1_000.0
_STAGE_PENALTY: Final = 3.0
_STAGE_CUTS: Final = tuple(step / 5 for step in range(-4, 5))
_RESTS_ON: Final[tuple[Head, ...]] = ("complaint", "repeat", "abuse", "emotion", "serious", "ordinary")

_STAGES: Final[tuple[tuple[Stage, int], ...]] = (("serious", 2), ("ordinary", 3))


class StageCut(Struct, frozen=True):
    """What one stage of severity weighs, and what is added to it."""

    of: dict[Head, float]
    added: float


class Cuts(Struct, frozen=True):
    """What is added to a head's score so that it says yes above zero, and the two stages of severity."""

    added: dict[Head, float]
    severity: dict[Stage, StageCut]


def choose_cuts(rows: Sequence[Seen], scores: Mapping[Head, Floats]) -> Cuts:
    """The cuts that judge `rows` best; `scores` are from heads that were fitted without them."""
    added: dict[Head, float] = {}
    if "complaint" in scores:
        added["complaint"] = -_best_cut(
            *_labelled(rows, scores["complaint"], lambda row: row.labels.is_complaint), _both
        )
    if "repeat" in scores:
        added["repeat"] = -_best_cut(*_labelled(rows, scores["repeat"], lambda row: row.labels.repeat), f1)
    if "abuse" in scores:
        added["abuse"] = _added_abuse(rows, scores["abuse"])
    moved = {head: values + added.get(head, 0.0) for head, values in scores.items()}
    return Cuts(added, _stages(rows, moved) if {"serious", "ordinary", "complaint"} <= moved.keys() else {})


def f1(wanted: Flags, got: Flags) -> float:
    """Twice the hits over both sums."""
    return 2.0 * float((wanted & got).sum()) / max(1, int(wanted.sum()) + int(got.sum()))


def _both(wanted: Flags, got: Flags) -> float:
    return f1(wanted, got) + f1(~wanted, ~got)


def _labelled(rows: Sequence[Seen], scores: Floats, label: Callable[[Seen], bool | None]) -> tuple[Flags, Floats]:
    known = [number for number, row in enumerate(rows) if label(row) is not None]
    return np.array([bool(label(rows[number])) for number in known], np.bool_), scores[known]


def _best_cut(wanted: Flags, scores: Floats, worth: Callable[[Flags, Flags], float]) -> float:
    tried = np.quantile(scores, _TRIED)
    worths = np.array([worth(wanted, scores > cut) for cut in tried])
    return float(np.median(tried[worths >= worths.max() - _AS_GOOD]))


def _added_abuse(rows: Sequence[Seen], scores: Floats) -> float:
    """The layer may add abuse to what the words say, and takes none away."""
    wanted, known_scores = _labelled(rows, scores, lambda row: row.labels.abuse)
    known = [row for row in rows if row.labels.abuse is not None]
    said = np.array([row.says_abuse for row in known], np.bool_)
    may = np.array([not row.denies_abuse for row in known], np.bool_)
    cut = _best_cut(wanted, known_scores, lambda want, got: f1(want, said | (got & may)))
    gain = f1(wanted, said | ((known_scores > cut) & may)) - f1(wanted, said)
    return -cut if gain >= _GAIN_MIN else _NEVER


def _stages(rows: Sequence[Seen], scores: Mapping[Head, Floats]) -> dict[Stage, StageCut]:
    """What makes a complaint S2, or S3, rather than less, by everything that the heads say of it."""
    known = [number for number, row in enumerate(rows) if row.labels.severity is not None]
    wanted = np.array([int((rows[number].labels.severity or "S4")[1]) for number in known])
    major = np.array([rows[number].is_major for number in known], np.bool_)
    is_complaint = scores["complaint"][known] > 0
    heads = [head for head in _RESTS_ON if head in scores and (scores[head] > _NEVER / 2).any()]
    parts = np.column_stack([scores[head][known] for head in heads])
    spread = np.maximum(parts.std(axis=0), 1e-6)
    found: dict[Stage, tuple[Floats, float]] = {}
    points: dict[Stage, Floats] = {}
    for stage, least in _STAGES:
        scaled = csr_matrix((parts / spread)[~major])
        weights = fit(scaled, yes_or_no((wanted <= least)[~major]), outputs=1, penalty=_STAGE_PENALTY)[:, 0]
        found[stage] = weights[:-1] / spread, float(weights[-1])
        points[stage] = parts @ found[stage][0] + found[stage][1]

    def worth(serious: float, ordinary: float) -> tuple[float, float]:
        by_score = np.where(points["serious"] > serious, 2, np.where(points["ordinary"] > ordinary, 3, 4))
        got = np.where(major, 1, np.where(is_complaint, by_score, 4))
        return round(kappa(wanted, got), 3), -abs(serious) - abs(ordinary)

    serious, ordinary = max(((s, o) for s in _STAGE_CUTS for o in _STAGE_CUTS), key=lambda cuts: worth(*cuts))
    cuts: dict[Stage, float] = {"serious": serious, "ordinary": ordinary}
    return {
        stage: StageCut(dict(zip(heads, map(float, weights), strict=True)), always - cuts[stage])
        for stage, (weights, always) in found.items()
    }


def kappa(wanted: NDArray[np.int_], got: NDArray[np.int_]) -> float:
    """Agreement beyond chance."""
    values = np.unique(np.concatenate([wanted, got]))
    by_chance = sum(float((wanted == value).mean() * (got == value).mean()) for value in values)
    return (float((wanted == got).mean()) - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0
