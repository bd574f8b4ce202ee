"""The learned layer at work: what the centre's own cases make of a text, and how far it moves what the rules read."""

import re
from collections.abc import Collection, Mapping
from itertools import repeat
from math import isqrt
from typing import Final

from msgspec import Struct

from services.routing.model import Case
from services.routing.policy.learned import RARITY_UNIT, UNIT, Head, LearnedLayer
from services.routing.policy.pack import Pack
from services.routing.policy.weights import Tally
from services.routing.rules.cause import CauseRead
from services.routing.rules.cross_level import CrossRead
from services.routing.rules.observed import observe
from services.routing.rules.reading import Reading
from shared.events.routing import Cause, Evidence, Severity

_DIGIT: Final = re.compile(r"\d")  # which digit it is tells nothing, and a telephone number is nobody's business
_NORM_UNIT: Final = 256
_SHOWN_PER_HEAD: Final = 3
_FAR_OFF: Final = 2  # degrees of emotion from which the layer shows why


class LearnedView(Struct, frozen=True, kw_only=True):
    """What the layer makes of the words alone. None, or no points: it never learned to say.

    Above zero `complaint_points` say complaint. `emotion_read` is what the rules read, of which `emotion` is the better
    estimate. `abuse` is true where the layer adds it. `severity` is that of a complaint for which no rule says S1.
    """

    complaint_points: int | None = None
    cause_points: Mapping[Cause, int] = {}
    repeat: bool | None = None
    abuse: bool | None = None
    emotion: float | None = None
    emotion_read: int = 1
    severity_points: int | None = None
    severity: Severity | None = None
    evidence: tuple[Evidence, ...] = ()


def view_words(
    layer: LearnedLayer, case: Case, reading: Reading, tally: Tally, cause: CauseRead, cross: CrossRead, pack: Pack
) -> LearnedView:
    """Weigh a text: linear in its length; the same text and pack give the same view on every machine."""
    folded = folded_text(reading.text)
    grams = set(layer.automaton.find_matches_as_strings(folded, overlapping=True))
    seen = observe(case, reading, tally, cause, cross, pack)
    scores = _scores(layer, grams, seen.signs)
    causes = {name: scores[head] for name, head in layer.causes.items()}
    emotion = scores["emotion"] / UNIT if "emotion" in scores else None
    again = scores["repeat"] > 0 if "repeat" in scores else None
    abuse = scores["abuse"] > 0 and "abuse" not in reading.denied if "abuse" in scores else None
    shown = _Shown(layer, folded, grams)
    if scores.get("complaint", 1) <= 0:
        shown.show("complaint", rising=False)
    if causes and (main := max(causes, key=causes.__getitem__)) != cause.row.cause:
        shown.show(layer.causes[main], rising=True)
    if again is not None and again != (seen.repeat > 0):
        shown.show("repeat", rising=again)
    if abuse and "abuse" not in reading.said:
        shown.show("abuse", rising=True)
    if emotion is not None and abs(emotion - seen.emotion) >= _FAR_OFF:
        shown.show("emotion", rising=emotion > seen.emotion)
    severity_points, severity = _severity(layer, scores)
    return LearnedView(
        complaint_points=scores.get("complaint"),
        cause_points=causes,
        repeat=again,
        abuse=abuse,
        emotion=emotion,
        emotion_read=seen.emotion,
        severity_points=severity_points,
        severity=severity,
        evidence=tuple(shown.evidence),
    )


def folded_text(text: str) -> str:
    """`text` with one digit for all, position by position."""
    return _DIGIT.sub("0", text)


def _scores(layer: LearnedLayer, grams: Collection[str], signs: Collection[str]) -> dict[Head, int]:
    """Every head's score: grams by the length of their vector, signs as they are."""
    squared, *of_grams = layer.lanes(sum(map(layer.grams.__getitem__, grams)))
    _, *of_signs = layer.lanes(sum(map(layer.signs.get, signs, repeat(0))))
    norm = isqrt(squared * _NORM_UNIT * _NORM_UNIT) or 1
    return {
        head: weight * (RARITY_UNIT * _NORM_UNIT) // norm + added
        for head, weight, added in zip(layer.heads, of_grams, of_signs, strict=True)
    }


def _severity(layer: LearnedLayer, scores: Mapping[Head, int]) -> tuple[int | None, Severity | None]:
    """The severity of a complaint from the scores of everything that makes one serious."""
    if not layer.severity:
        return None, None
    points = {
        name: staged.added + sum(scores[head] * weight // UNIT for head, weight in staged.of.items())
        for name, staged in layer.severity.items()
    }
    if points["serious"] > 0:
        return points["serious"], "S2"
    return points["serious"], "S3" if points["ordinary"] > 0 else "S4"


class _Shown:
    """Collects evidence: the grams of a text that weighed most for a head, none lying over another of that head."""

    def __init__(self, layer: LearnedLayer, folded: str, grams: set[str]) -> None:
        self.evidence: list[Evidence] = []
        self._layer = layer
        self._folded = folded
        self._grams = grams

    def show(self, head: Head, *, rising: bool) -> None:
        """Add what spoke for a higher score of `head`, or for a lower one."""
        telling = self._layer.telling[head]
        sign = -1 if rising else 1
        weighed = sorted((sign * telling[gram], gram) for gram in telling.keys() & self._grams)
        taken: list[tuple[int, int]] = []
        for weight, gram in weighed:
            start = self._folded.find(gram)
            end = start + len(gram)
            if weight >= 0 or len(taken) == _SHOWN_PER_HEAD:
                break
            if all(end <= other_start or other_end <= start for other_start, other_end in taken):
                taken.append((start, end))
        self.evidence += [Evidence(f"learned.{head}", start, end) for start, end in sorted(taken)]
