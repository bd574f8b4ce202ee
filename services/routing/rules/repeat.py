"""Repeats: how often the customer has come with this matter before (domain 3.1)."""

from collections.abc import Collection
from typing import Final

from shared.events.intake import Stated
from shared.events.routing import History

_OUTRIGHT: Final = ((3, "repeat_3"), (2, "repeat_2"), (1, "repeat_1"))
"""What says outright that it was here before, and how often at least; the more often, the earlier."""

_OUTRIGHT_POINTS: Final = 8
_POINTS_ENOUGH: Final = 8
_HINTS: Final = {
    "still_unsolved": 6,
    "counted": 5,
    "told_before": 4,
    "time_passed": 4,
    "keeps_happening": 4,
    "pushed_around": 4,
    "promised": 3,
    "commends": -5,
}
"""What lets one guess it: one alone does not say it, "still not" with any other does, as do most pairs; praise seldom."""

_OFTEN: Final = "counted_often"  # three, several: in a repeat it tells how often
_TIMES_MAX: Final = 999  # more is a typing error


def count_repeats(*, said: Collection[str], stated: Stated, history: History) -> int:
    """Times before: what the agent stated, else what the words say; never fewer than the log knows of this cause."""
    told = stated.times_before
    if told is None:
        told = _times_told(said)
    return min(_TIMES_MAX, max(told, history.same_cause_30d))


def _times_told(said: Collection[str]) -> int:
    """At least how often before by the words: told outright, or by hints of prior contact, waiting, no result."""
    outright = next((times for times, signal in _OUTRIGHT if signal in said), 0)
    points = _OUTRIGHT_POINTS if outright else 0
    for hint, weight in _HINTS.items():
        if hint in said:
            points += weight
    if points < _POINTS_ENOUGH:
        return 0
    return max(outright, 2 if _OFTEN in said else 1)
