"""Too many dead letters mean that something is wrong with us, not with the messages."""

from collections import deque

from shared.errors import Stopped

WINDOW_RECORDS = 1_000


class Ceiling:
    """Stops the consumer when dead letters come `in_a_row_max` in a row, or make up `share_max` of the last 1,000."""

    def __init__(self, *, in_a_row_max: int, share_max: float) -> None:
        self._in_a_row_max = in_a_row_max
        self._share_max = share_max
        self._in_a_row = 0
        self._window: deque[bool] = deque(maxlen=WINDOW_RECORDS)
        self._dead = 0

    def good(self, count: int) -> None:
        """`count` records were usable."""
        if count:
            self._in_a_row = 0
            for _ in range(min(count, WINDOW_RECORDS)):
                self._push(dead=False)

    def dead(self) -> None:
        """One record became a dead letter; raises Stopped at the ceiling."""
        self._in_a_row += 1
        self._push(dead=True)
        full = len(self._window) == WINDOW_RECORDS
        if self._in_a_row >= self._in_a_row_max or (full and self._dead > WINDOW_RECORDS * self._share_max):
            raise Stopped(
                "dead_letter_ceiling",
                zh=f"死信太多（连续 {self._in_a_row} 条，最近 {len(self._window)} 条中 {self._dead} 条），消费停止，请先查明原因",
                en=f"too many dead letters ({self._in_a_row} in a row, {self._dead} of the last {len(self._window)}): "
                "consumption stops until somebody has looked",
            )

    def _push(self, *, dead: bool) -> None:
        if len(self._window) == WINDOW_RECORDS and self._window[0]:
            self._dead -= 1
        self._window.append(dead)
        self._dead += dead
