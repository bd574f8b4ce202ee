"""How late lapses were judged: any number of delays in a few kilobytes."""

from math import ceil, inf, log
from typing import Final

STEP: Final = 1.02  # neighbouring classes differ by 2 %: that is how exact a percentile is
LEAST_S: Final = 0.001


class Delays:
    """Counts delays by class; knows the greatest exactly."""

    def __init__(self) -> None:
        self.count = 0
        self.max_s = -inf
        self._classes: dict[int, int] = {}

    def note(self, delay_s: float) -> None:
        """One more delay; below a millisecond (or before its time) they are not told apart."""
        self.count += 1
        self.max_s = max(self.max_s, delay_s)
        of = ceil(log(delay_s / LEAST_S, STEP)) if delay_s > LEAST_S else 0
        self._classes[of] = self._classes.get(of, 0) + 1

    def percentile_s(self, share: float) -> float | None:
        """The delay that `share` (0 to 1) of all do not exceed, to 2 %; None where there were none."""
        left = ceil(self.count * share)
        for of, count in sorted(self._classes.items()):
            left -= count
            if left <= 0:
                return float(min(LEAST_S * STEP**of, max(self.max_s, 0.0)))
        return None
