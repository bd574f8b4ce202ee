"""When complaints come in: more by day than by night, more on Mondays, and English ones by the American day."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final

from kesu.generator.dice import Dice
from shared.events.envelope import Language

_HOURLY: Final = (2, 1, 1, 1, 1, 2, 4, 9, 18, 26, 28, 24, 17, 19, 24, 25, 23, 21, 19, 20, 21, 17, 10, 5)
_DAILY: Final = (1.2, 1.05, 1.0, 1.0, 1.05, 0.8, 0.7)  # Monday first
_ZH_SHARE: Final = 0.75
_ZH_AHEAD: Final = timedelta(hours=8)
_EN_BEHIND: Final = timedelta(hours=-6)
_STEPS_MAX: Final = 20_000


class Arrivals:
    """A span of time with its busy and its quiet hours. Positions run from 0 (start) to 1 (end), evenly in complaints."""

    def __init__(self, start: datetime, span: timedelta) -> None:
        steps = max(1, min(_STEPS_MAX, round(span / timedelta(hours=1))))
        self.start = start.astimezone(UTC)
        self.end = self.start + span
        self._step = span / steps
        self._step_s = self._step.total_seconds()
        middles = [self.start + self._step * (index + 0.5) for index in range(steps)]
        zh = [_ZH_SHARE * _busy(at + _ZH_AHEAD) for at in middles]
        en = [(1 - _ZH_SHARE) * _busy(at + _EN_BEHIND) for at in middles]
        self._english = [e / (z + e) for z, e in zip(zh, en, strict=True)]
        self._bounds = list(accumulate((z + e for z, e in zip(zh, en, strict=True)), initial=0.0))

    def time_at(self, position: float) -> datetime:
        """The time, in whole milliseconds, up to which the share `position` of all complaints has come in."""
        reached = position * self._bounds[-1]
        step = min(bisect_right(self._bounds, reached), len(self._bounds) - 1) - 1
        within = (reached - self._bounds[step]) / (self._bounds[step + 1] - self._bounds[step])
        return self.start + timedelta(milliseconds=int((step + within) * self._step_s * 1_000))

    def language_at(self, dice: Dice, at: datetime) -> Language:
        """Chinese or English, by who is awake."""
        step = min(int((at - self.start) / self._step), len(self._english) - 1)
        return "en" if dice.chance(self._english[step]) else "zh"


def next_position(dice: Dice, position: float, remaining: int) -> float:
    """The next of `remaining` arrivals after `position`: the smallest of as many even draws on what is left."""
    drawn: float = (1.0 - dice.random()) ** (1.0 / remaining)
    return position + (1.0 - position) * (1.0 - drawn)


def _busy(local: datetime) -> float:
    return _HOURLY[local.hour] * _DAILY[local.weekday()]
