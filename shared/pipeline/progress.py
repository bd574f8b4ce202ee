"""How far the log is read, in time: a lapse is judged only behind this point."""

from collections import deque
from datetime import datetime
from time import time
from typing import Final

from aiokafka import TopicPartition

from shared.clock import Clock, settled_time

TICKS_KEPT: Final = 2_000


class ReadThrough:
    """Turns "the broker said: nothing more" into a time of Kesu's clock, which may be virtual.

    An answer may have been under way for any time, so it vouches for what was on the log when it was *asked* for. The
    client asks for the next one only when it has looked at the last: so that moment is known to be no later.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ticks: deque[tuple[float, datetime]] = deque(maxlen=TICKS_KEPT)
        self._answered: dict[TopicPartition, int] = {}
        self._through: dict[TopicPartition, datetime] = {}

    def tick(self) -> None:
        """Remember which time of Kesu's clock belongs to this moment."""
        self._ticks.append((time(), settled_time(self._clock)))

    def polled(self, tp: TopicPartition, answered_ms: int | None) -> None:
        """The broker's answer, looked at at wall time `answered_ms`, held nothing that is not handled by now."""
        if answered_ms is None or self._answered.get(tp) == answered_ms:
            return
        before_ms = self._answered.get(tp)
        self._answered[tp] = answered_ms
        if before_ms is None:
            return
        for wall, at in reversed(self._ticks):
            if wall <= before_ms / 1000:
                if (through := self._through.get(tp)) is None or at > through:
                    self._through[tp] = at
                return

    def of(self, tp: TopicPartition) -> datetime | None:
        """Everything accepted before this time has been handled; None where that is not known yet."""
        return self._through.get(tp)

    def forget(self, tp: TopicPartition) -> None:
        """The partition is no longer ours."""
        self._through.pop(tp, None)
        self._answered.pop(tp, None)
