"""From which score on a head says yes, and how far the rules' own reading is trusted: chosen by rows that were not fitted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from kesu.learning.agreement import Flags, f1, macro_f1
from kesu.learning.fitting import Floats
from kesu.learning.heads import CAUSES
from kesu.learning.seen import Seen
from kesu.learning.stages import NEVER, StageCut, fit_stages
from services.routing.policy.learned import Head, Stage

_TRIED: Final = np.linspace(0.02, 0.98, 97)
_AS_GOOD: Final = 0.01  # cuts that do nearly as well as the best: the middle of them is the least due to chance
_GAIN_MIN: Final = 0.005  # less is chance: then the simpler choice stands
_REPEAT_TRUST: Final = (0.0, 0.6, 1.2)
_CAUSE_TRUST: Final = (0.0, 0.2, 0.4, 0.6)


class Cuts(Struct, frozen=True):
    """What is added to a head's score so that it says yes above zero, and the two stages of severity.

    `trust` is added to a head's score where the rules say the same (see `own_sign`): weights are penalised, and one sign
    among hundreds would be believed too little.
    """

    added: dict[Head, float]
    trust: dict[Head, float]
    severity: dict[Stage, StageCut]


def own_sign(head: Head) -> str:
    """The sign by which the rules say yes to a head themselves."""
    return "repeats>=1" if head == "repeat" else head


def choose_cuts(rows: Sequence[Seen], scores: Mapping[Head, Floats]) -> Cuts:
    """The cuts that judge `rows` best; `scores` are from heads that were fitted without them."""
    trust = _repeat_trust(rows, scores) | _cause_trust(rows, scores)
    trusting = dict(scores) | {head: _trusting(rows, scores, head, much) for head, much in trust.items()}
    added: dict[Head, float] = {}
    if "complaint" in scores:
        added["complaint"] = -_best_cut(
            *_labelled(rows, scores["complaint"], lambda row: row.labels.is_complaint), _both
        )
    if "repeat" in scores:
        added["repeat"] = -_best_cut(*_labelled(rows, trusting["repeat"], _is_repeat), f1)
    if "abuse" in scores:
        added["abuse"] = _added_abuse(rows, scores["abuse"])
    moved = {head: values + added.get(head, 0.0) for head, values in trusting.items()}
    return Cuts(added, trust, fit_stages(rows, moved) if {"serious", "ordinary", "complaint"} <= moved.keys() else {})


def _trusting(rows: Sequence[Seen], scores: Mapping[Head, Floats], head: Head, much: float) -> Floats:
    sign = own_sign(head)
    trusting: Floats = scores[head] + much * np.array([sign in row.signs for row in rows])
    return trusting


def _is_repeat(row: Seen) -> bool | None:
    return row.labels.repeat


def _repeat_trust(rows: Sequence[Seen], scores: Mapping[Head, Floats]) -> dict[Head, float]:
    if "repeat" not in scores:
        return {}

    def worth(much: float) -> float:
        wanted, known = _labelled(rows, _trusting(rows, scores, "repeat", much), _is_repeat)
        return f1(wanted, known > _best_cut(wanted, known, f1))

    return {"repeat": _least_that_helps(_REPEAT_TRUST, worth)}


def _cause_trust(rows: Sequence[Seen], scores: Mapping[Head, Floats]) -> dict[Head, float]:
    heads = [head for head in scores if head in CAUSES]
    places = {CAUSES[head]: number for number, head in enumerate(heads)}
    known = [number for number, row in enumerate(rows) if row.labels.cause in places]
    if not known:
        return {}
    wanted = np.array([places[cause] for number in known if (cause := rows[number].labels.cause)])

    def worth(much: float) -> float:
        points = np.column_stack([_trusting(rows, scores, head, much)[known] for head in heads])
        return macro_f1(wanted, points.argmax(axis=1))

    return dict.fromkeys(heads, _least_that_helps(_CAUSE_TRUST, worth))


def _least_that_helps(tried: Sequence[float], worth: Callable[[float], float]) -> float:
    worths = [worth(much) for much in tried]
    return next(much for much, value in zip(tried, worths, strict=True) if value >= max(worths) - _GAIN_MIN)


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
    return -cut if gain >= _GAIN_MIN else NEVER
