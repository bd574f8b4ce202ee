"""Repeats: how often the customer has come with this matter before (domain 3.1)."""

from collections.abc import Collection
from typing import Final

from shared.events.intake import Stated
from shared.events.routing import History

_TIMES: Final = ((3, "repeat_3"), (2, "repeat_2"), (1, "repeat_1"))

_TIMES_MAX: Final = 999  # more is a typing error


def count_repeats(*, said: Collection[str], stated: Stated, history: History) -> int:
    """Times before: what the agent stated, else what the words say; never fewer than the log knows of this cause."""
    told = stated.times_before
    if told is None:
        came_before = "contacted" in said and ("delay" in said or "unresolved" in said)
        told = next((times for times, signal in _TIMES if signal in said), int(came_before))
    return min(_TIMES_MAX, max(told, history.same_cause_30d))
