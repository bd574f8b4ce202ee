"""Repeats: how often the customer has come with this matter before (domain 3.1)."""

from collections.abc import Collection
from typing import Final

from shared.events.intake import Stated
from shared.events.routing import History

_OUTRIGHT: Final = ((3, "repeat_3"), (2, "repeat_2"), (1, "repeat_1"))
"""What says outright that it was here before, and how often at least; the more often, the earlier."""

_POINTS_ENOUGH: Final = 8
"""Points of points.yaml from which the words tell of a repeat: what says it outright has as many."""

_OFTEN: Final = "counted_often"  # three, several: in a repeat it tells how often
_TIMES_MAX: Final = 999  # more is a typing error


def count_repeats(*, said: Collection[str], points: int, stated: Stated, history: History) -> int:
    """Times before: what the agent stated, else what the words say; never fewer than the log knows of this cause.

    `points`: what the signals `said` weigh together, by the pack.
    """
    told = stated.times_before
    if told is None:
        told = _times_told(said) if points >= _POINTS_ENOUGH else 0
    return min(_TIMES_MAX, max(told, history.same_cause_30d))


def _times_told(said: Collection[str]) -> int:
    """At least how often before, by the words of a repeat."""
    outright = next((times for times, signal in _OUTRIGHT if signal in said), 1)
    return max(outright, 2) if _OFTEN in said else outright
