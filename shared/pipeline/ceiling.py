"""Too many dead letters mean that something is wrong with us, not with the messages."""

from collections import deque
from collections.abc import Sequence

from shared.errors import Stopped

WINDOW_RECORDS = 1_000


class Ceiling:
    """Stops the consumer when dead letters come `in_a_row_max` in a row, or make up `share_max` of the last 1,000.

    A batch is checked before anything of it is published, and counted once it is settled: so one that is tried again
    and again counts once.
    """

    def __init__(self, *, in_a_row_max: int, share_max: float) -> None:
        self._in_a_row_max = in_a_row_max
        self._share_max = share_max
        self._in_a_row = 0
        self._window: deque[bool] = deque(maxlen=WINDOW_RECORDS)

    def check(self, fates: Sequence[bool]) -> None:
        """`fates` of a batch in log order, true for a dead letter; raises Stopped where they reach the ceiling."""
        if not any(fates):
            return
        in_a_row, most = self._in_a_row, 0
        for dead in fates:
            in_a_row = in_a_row + 1 if dead else 0
            most = max(most, in_a_row)
        window = deque(self._window, maxlen=WINDOW_RECORDS)
        window.extend(fates)
        dead_now = sum(window)
        if most >= self._in_a_row_max or (
            len(window) == WINDOW_RECORDS and dead_now > WINDOW_RECORDS * self._share_max
        ):
            raise Stopped(
                "dead_letter_ceiling",
                zh=f"死信太多（连续 {most} 条，最近 {len(window)} 条中 {dead_now} 条），消费停止，请先查明原因",
                en=f"too many dead letters ({most} in a row, {dead_now} of the last {len(window)}): "
                "consumption stops until somebody has looked",
            )

    def count(self, fates: Sequence[bool]) -> None:
        """The batch with these `fates` is settled."""
        self._window.extend(fates)
        at_the_end = next((n for n, dead in enumerate(reversed(fates)) if not dead), None)
        self._in_a_row = self._in_a_row + len(fates) if at_the_end is None else at_the_end
