"""The heads of a layer fitted to examples, each to those that have its label."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, get_args

import numpy as np
from msgspec import Struct

from kesu.learning.examples import Labels
from kesu.learning.fitting import Floats, degree, fit, one_of, yes_or_no
from kesu.learning.seen import Seen
from kesu.learning.vocabulary import Vocabulary, build_vocabulary
from services.routing.policy.learned import HEADS, Head
from shared.events.routing import Cause

EACH_WAY_MIN: Final = 20  # examples of yes and of no, below which a head is not learned
DEGREES_MIN: Final = 100
OF_A_CAUSE_MIN: Final = 10
_PENALTY: Final = 4.0
_DEGREE_PENALTY: Final = 8.0
_ALSO: Final = 0.3  # what another cause of a case weighs beside its main one
_BALANCE: Final = 0.6  # 0: causes weigh as many cases as they have; 1: each the same

_YES: Final[dict[Head, Callable[[Labels], bool | None]]] = {
    "complaint": lambda labels: labels.is_complaint,
    "repeat": lambda labels: labels.repeat,
    "abuse": lambda labels: labels.abuse,
    "serious": lambda labels: None if labels.severity is None else labels.severity <= "S2",
    "ordinary": lambda labels: None if labels.severity is None else labels.severity <= "S3",
}
CAUSES: Final[dict[Head, Cause]] = {
    head: cause for head in HEADS for cause in get_args(Cause) if head == f"cause.{cause}"
}


class Fitted(Struct, frozen=True):
    """Weights by head, and from how many labels; the last of `weights` is what is always added."""

    vocabulary: Vocabulary
    weights: dict[Head, Floats]
    rows: dict[Head, int]

    def scores(self, rows: Sequence[Seen]) -> dict[Head, Floats]:
        """Every head's score of every row."""
        matrix = self.vocabulary.matrix(rows)
        return {head: matrix @ weights[:-1] + weights[-1] for head, weights in self.weights.items()}


def learnable(rows: Sequence[Seen]) -> tuple[Head, ...]:
    """The heads for which there are labels enough, in their fixed order."""
    found: list[Head] = []
    by_cause = Counter(row.labels.cause for row in rows)
    causes = [head for head, cause in CAUSES.items() if by_cause[cause] >= OF_A_CAUSE_MIN]
    for head in HEADS:
        if head in _YES:
            said = Counter(_YES[head](row.labels) for row in rows)
            is_enough = min(said[True], said[False]) >= EACH_WAY_MIN
        elif head == "emotion":
            is_enough = sum(row.labels.emotion is not None for row in rows) >= DEGREES_MIN
        else:
            is_enough = head in causes and len(causes) > 1
        if is_enough:
            found.append(head)
    return tuple(found)


def fit_heads(rows: Sequence[Seen], heads: Sequence[Head]) -> Fitted:
    """Fit `heads` to the rows that have their labels."""
    vocabulary = build_vocabulary(rows)
    matrix = vocabulary.matrix(rows)
    weights: dict[Head, Floats] = {}
    counts: dict[Head, int] = {}
    for head in heads:
        if head in CAUSES:
            continue
        labelled = [number for number, row in enumerate(rows) if _said(head, row.labels) is not None]
        said = np.array([_said(head, rows[number].labels) for number in labelled], np.float64)
        loss, penalty = (degree(said), _DEGREE_PENALTY) if head == "emotion" else (yes_or_no(said > 0), _PENALTY)
        weights[head] = fit(matrix[labelled], loss, outputs=1, penalty=penalty)[:, 0]
        counts[head] = len(labelled)
    causes = [head for head in heads if head in CAUSES]
    if causes:
        known = {CAUSES[head] for head in causes}
        labelled = [number for number, row in enumerate(rows) if row.labels.cause in known]
        shares = one_of(_shares([rows[number] for number in labelled], causes))
        fitted = fit(matrix[labelled], shares, outputs=len(causes), penalty=_PENALTY)
        weights |= {head: fitted[:, number] for number, head in enumerate(causes)}
        counts |= dict.fromkeys(causes, len(labelled))
    return Fitted(vocabulary, {head: weights[head] for head in heads}, {head: counts[head] for head in heads})


def _said(head: Head, labels: Labels) -> float | None:
    return labels.emotion if head == "emotion" else _YES[head](labels)


def _shares(rows: Sequence[Seen], causes: Sequence[Head]) -> Floats:
    """What each row gives each cause: one to the main one, something to the others; rare causes count for more."""
    places = {CAUSES[head]: number for number, head in enumerate(causes)}
    shares = np.zeros((len(rows), len(causes)))
    for number, row in enumerate(rows):
        assert row.labels.cause is not None
        for cause in row.labels.also:
            if cause in places:
                shares[number, places[cause]] = _ALSO
        shares[number, places[row.labels.cause]] = 1.0
    totals = shares.sum(axis=0)
    balanced: Floats = shares * (totals.mean() / np.maximum(totals, 1.0)) ** _BALANCE
    return balanced
