"""The one reader of time: the system's clock, or a virtual one that all processes of a demo or test share."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS: Final = struct.Struct("<q")


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
    """A virtual clock: eight bytes in a file that every process maps; only its driver moves it, and only forward."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _MICROSECONDS.size)

    @classmethod
    def create(cls, path: Path, at: datetime) -> "SharedClock":
        """Make the file and set it to `at`."""
        path.write_bytes(_MICROSECONDS.pack(_microseconds(at)))
        return cls(path)

    def now(self) -> datetime:
        return _EPOCH + timedelta(microseconds=_MICROSECONDS.unpack_from(self._map)[0])

    def jump(self, to: datetime) -> None:
        """Move to `to`; a time already passed changes nothing."""
        if to > self.now():
            _MICROSECONDS.pack_into(self._map, 0, _microseconds(to))


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def open_clock(path: Path | None) -> Clock:
    """The virtual clock at `path`, or the system's where there is none."""
    return SharedClock(path) if path else SystemClock()
