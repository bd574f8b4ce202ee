"""The one reader of time: the system's clock, or a virtual one that all processes of a demo or test share."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS: Final = struct.Struct("<q")
_SETTLED_AT: Final = _MICROSECONDS.size


class Clock(Protocol):
    """Where a process reads the time."""

    def now(self) -> datetime:
        """The time, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SharedClock:
    """A virtual clock: two times in a file that every process maps; only its driver moves them, and only forward.

    The second is the time up to which all that happened is on its way in: a driver that has jumped has yet to submit
    what happened on the way.
    """

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 2 * _MICROSECONDS.size)

    @classmethod
    def create(cls, path: Path, at: datetime) -> "SharedClock":
        """Make the file and set it to `at`."""
        path.write_bytes(_MICROSECONDS.pack(_microseconds(at)) * 2)
        return cls(path)

    def now(self) -> datetime:
        return _EPOCH + timedelta(microseconds=_MICROSECONDS.unpack_from(self._map)[0])

    def jump(self, to: datetime, *, settled: bool = True) -> None:
        """Move to `to`; a time already passed changes nothing. Not `settled`: until `settle` says so."""
        if to > self.now():
            _MICROSECONDS.pack_into(self._map, 0, _microseconds(to))
        if settled:
            self.settle()

    def settle(self) -> None:
        """All that happened up to now is on its way in."""
        _MICROSECONDS.pack_into(self._map, _SETTLED_AT, _microseconds(self.now()))

    def settled(self) -> datetime:
        """The time up to which that is so."""
        return _EPOCH + timedelta(microseconds=_MICROSECONDS.unpack_from(self._map, _SETTLED_AT)[0])


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def settled_time(clock: Clock) -> datetime:
    """What is accepted before this time is there to be read: always now, where time passes by itself."""
    return clock.settled() if isinstance(clock, SharedClock) else clock.now()


def open_clock(path: Path | None) -> Clock:
    """The virtual clock at `path`, or the system's where there is none."""
    return SharedClock(path) if path else SystemClock()
