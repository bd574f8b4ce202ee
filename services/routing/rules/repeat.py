"""Repeats: how often the customer has come with this matter before (domain 3.1)."""

from collections.abc import Collection
from typing import Final

from shared.events.intake import Stated
from shared.events.routing import History

_TIMES: Final = ((3, "repeat_3"), (2, "repeat_2"), (1, "repeat_1"))
"""What says outright that it was here before, and how often at least; the more often, the earlier."""

_HINTS: Final = {
    "still_unsolved": 6,
    "counted": 5,
    "told_before": 4,
    "time_passed": 4,
    "keeps_happening": 4,
    "pushed_around": 4,
    "promised": 3,
}
"""What lets one guess it: one alone does not say it, "still not" with any other does, as do most pairs."""

_HINTS_ENOUGH: Final = 8
_OFTEN: Final = "counted_often"  # three, several: in a repeat it tells how often
_TIMES_MAX: Final = 999  # more is a typing error


def count_repeats(*, said: Collection[str], stated: Stated, history: History) -> int:
    """Times before: what the agent stated, else what the words say; never fewer than the log knows of this cause."""
    told = stated.times_before
    if told is None:
        told = _times_told(said)
    return min(_TIMES_MAX, max(told, history.same_cause_30d))


def _times_told(said: Collection[str]) -> int:
    """At least how often before by the words: told outright, else by hints of prior contact, waiting, no result."""
    outright = next((times for times, signal in _TIMES if signal in said), 0)
    if outright or sum(points for hint, points in _HINTS.items() if hint in said) >= _HINTS_ENOUGH:
        return max(outright, 2 if _OFTEN in said else 1)
    return 0
