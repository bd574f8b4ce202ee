"""What the learned layer sees of a text beside its grams: what the rules read, as names of signs, history left out."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from services.routing.model import Case
from services.routing.policy.cause_points import SCALE
from services.routing.policy.learned import ALWAYS
from services.routing.policy.pack import Pack
from services.routing.policy.weights import Tally
from services.routing.rules.cause import CauseRead
from services.routing.rules.cross_level import CrossRead
from services.routing.rules.emotion import read_emotion
from services.routing.rules.reading import Reading
from services.routing.rules.repeat import count_repeats
from shared.events.intake import Stated
from shared.events.routing import History

_STEPS: Final[dict[str, tuple[int, ...]]] = {
    "length": (20, 40, 60, 80, 120, 160, 220),
    "exclamations": (1, 2, 3, 5, 8),
    "questions": (1, 2, 3, 5),
    "ellipses": (1, 3),
    "faces": (1, 2, 4),
    "handles": (1, 2, 3),
    "topics": (1,),
    "links": (1,),
    "signals": (2, 4, 6, 8, 11, 14, 18, 23),
    "heat": (-6, -3, 0, 3, 6, 9, 12, 16, 20, 25),
    "emotion": (2, 3, 4, 5, 6, 7, 8, 9, 10),
    "repeats": (1, 2, 3),
    "causes": (3, 6, 12, 20, 30, 45),
}
"""Counts are seen as the steps they reach: `emotion>=5`. A sum of steps can follow any curve."""
_KIND_STEPS: Final = (1, 2, 4, 6, 9, 13, 18, 24)
_LEAD_STEPS: Final = (-10, -6, -3, 0, 3, 6, 10, 15, 21)
_SHARE_STEPS: Final = (1, 15, 30, 45, 60, 75, 90)
_POINT_STEPS: Final = (3, 6, 10, 15)
_MARKS: Final = {"exclamations": "!", "questions": "?", "ellipses": "..", "faces": "[", "handles": "@", "topics": "#", "links": "http"}  # fmt: skip
_NOTHING_STATED: Final = Stated()
_NO_HISTORY: Final = History()


def _named(name: str, steps: Sequence[int]) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    """The steps of a count, and the names of those reached, by how many they are."""
    names = tuple(f"{name}>={step}" for step in steps)
    return tuple(steps), tuple(names[:reached] for reached in range(len(names) + 1))


_REACHED: Final = {name: _named(name, steps) for name, steps in _STEPS.items()}
_KINDS: Final = {
    kind: _named(f"kind.{kind}", _KIND_STEPS) for kind in ("complaint", "inquiry", "suggestion", "praise", "noise")
}
_LEAD: Final = _named("lead", _LEAD_STEPS)
_CAUSE_NAMES: Final = ("tariff", "product", "efficiency", "price", "attitude", "other")
_SHARES: Final = {cause: _named(f"share.{cause}", _SHARE_STEPS) for cause in _CAUSE_NAMES}
_POINTS: Final = {cause: _named(f"points.{cause}", _POINT_STEPS) for cause in _CAUSE_NAMES}


class Observed(Struct, frozen=True):
    """The signs of a text, each at most once, and the emotion and the times before that rules read in the words alone."""

    signs: list[str]
    emotion: int
    repeat: int


def observe(case: Case, reading: Reading, tally: Tally, cause: CauseRead, cross: CrossRead, pack: Pack) -> Observed:
    """Words said, denied and tagged, what the rules made of them, marks and length."""
    signs = [ALWAYS]
    signs += ["said." + signal for signal in reading.said]
    signs += ["denied." + signal for signal in reading.denied]
    signs += ["tagged." + tag for tag in reading.tagged]
    signs += ("cause." + cause.row.cause, "sub_cause." + cause.row.id)
    signs += ["named." + other for other in cause.others[:1]]
    if cross.filed or cross.tagged:
        signs.append("goes_above")
    if cross.threatened:
        signs.append("threatens")
    repeat = count_repeats(said=reading.said, points=tally.repeat, stated=_NOTHING_STATED, history=_NO_HISTORY)
    emotion = _emotion(case, reading, tally, pack, repeat)
    _count(signs, reading, tally, emotion=emotion, repeat=repeat)
    _weigh(signs, tally, pack)
    return Observed(signs, emotion, repeat)


def _emotion(case: Case, reading: Reading, tally: Tally, pack: Pack, repeat: int) -> int:
    """The emotion by the words alone, whatever an agent stated."""
    if case.stated.emotion is not None:
        case = replace(case, stated=_NOTHING_STATED)
    return read_emotion(pack.settings.heat, tally, case=case, reading=reading, history=_NO_HISTORY, repeat=repeat)


def _count(signs: list[str], reading: Reading, tally: Tally, *, emotion: int, repeat: int) -> None:
    text = reading.text
    counts = [(name, text.count(mark)) for name, mark in _MARKS.items()]
    counts += (
        ("length", len(text)),
        ("signals", len(reading.said)),
        ("heat", tally.emotion),
        ("emotion", emotion),
        ("repeats", repeat),
    )
    for name, count in counts:
        steps, reached = _REACHED[name]
        if count >= steps[0]:
            signs += reached[bisect_right(steps, count)]


def _weigh(signs: list[str], tally: Tally, pack: Pack) -> None:
    """How the points of kinds and of causes stand to each other."""
    for kind, points in tally.kinds.items():
        steps, reached = _KINDS[kind]
        signs += reached[bisect_right(steps, points)]
    others = [points for kind, points in tally.kinds.items() if kind != "complaint"]
    steps, reached = _LEAD
    signs += reached[bisect_right(steps, tally.kinds.get("complaint", 0) - max(others, default=0))]
    by_cause: dict[str, int] = {}
    for row, points in zip(pack.causes, tally.causes, strict=True):
        if points > 0:
            by_cause[row.cause] = by_cause.get(row.cause, 0) + points
    total = sum(by_cause.values())
    steps, reached = _REACHED["causes"]
    signs += reached[bisect_right(steps, total // SCALE)]
    for cause, points in by_cause.items():
        steps, reached = _SHARES[cause]
        signs += reached[bisect_right(steps, points * 100 // total)]
        steps, reached = _POINTS[cause]
        signs += reached[bisect_right(steps, points // SCALE)]
