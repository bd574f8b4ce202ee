"""How long to wait before trying again."""

from msgspec import Struct


class Retry(Struct, frozen=True):
    """Growing pauses: `first_s`, doubled each time, never above `max_s`."""

    first_s: float = 0.05
    max_s: float = 10.0

    def delay_s(self, attempt: int) -> float:
        """The pause before try number `attempt` + 1 (attempts count from 1)."""
        return float(min(self.max_s, self.first_s * 2 ** min(attempt - 1, 30)))
