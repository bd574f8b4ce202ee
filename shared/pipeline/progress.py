"""How far the log is read, in time: a lapse is judged only behind this point."""

from collections import deque
from datetime import datetime
from time import time
from typing import Final

from aiokafka import TopicPartition

from shared.clock import Clock

MARGIN_S: Final = 0.02  # a broker's answer may be this much older than its arrival
TICKS_BETWEEN: Final = 2  # and it may have arrived while this process was busy: so many ticks before it was looked at
TICKS_KEPT: Final = 2_000


class ReadThrough:
    """Turns "the broker said at wall time T: nothing more" into a time of Kesu's clock, which may be virtual."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ticks: deque[tuple[float, datetime]] = deque(maxlen=TICKS_KEPT)
        self._answered: dict[TopicPartition, int] = {}
        self._through: dict[TopicPartition, datetime] = {}

    def tick(self) -> None:
        """Remember which time of Kesu's clock belongs to this moment."""
        self._ticks.append((time(), self._clock.now()))

    def polled(self, tp: TopicPartition, answered_ms: int | None) -> None:
        """The broker's answer, looked at at wall time `answered_ms`, held nothing that is not handled by now."""
        if answered_ms is None or self._answered.get(tp) == answered_ms:
            return
        self._answered[tp] = answered_ms
        answered, ticks = answered_ms / 1000, 0
        for wall, at in reversed(self._ticks):
            ticks += wall < answered
            if ticks >= TICKS_BETWEEN and wall <= answered - MARGIN_S:
                if (before := self._through.get(tp)) is None or at > before:
                    self._through[tp] = at
                return

    def of(self, tp: TopicPartition) -> datetime | None:
        """Everything accepted before this time has been handled; None where that is not known yet."""
        return self._through.get(tp)

    def forget(self, tp: TopicPartition) -> None:
        """The partition is no longer ours."""
        self._through.pop(tp, None)
        self._answered.pop(tp, None)
