"""Crash points: a test stops the process exactly here, to prove that stopping here is harmless."""

import os
import signal
from typing import Literal, TypeAlias

Point: TypeAlias = Literal["saved", "published", "moved", "timer_saved", "timer_published", "timer_marked"]


class CrashPoints:
    """Ends this process by SIGKILL at `at` ("saved", or "saved:3" for the third time); "" never does."""

    def __init__(self, at: str = "") -> None:
        self._point, _, times = at.partition(":")
        self._left = int(times or 1)

    def reached(self, point: Point) -> None:
        """Say that the process is at `point`."""
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
