"""Records sorted into buckets by key, in a temporary file without a name: it is gone with this process, however that ends."""

import errno
import os
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from shared.errors import Stopped

HELD_BYTES_MAX: Final = 12_000_000  # in memory, over all streams of a spill
RECORDS_PER_BUCKET: Final = 8_000
BUCKETS_MAX: Final = 8_192
KEY_BYTES: Final = 16  # ids are digests, so their first two bytes spread evenly


class Spill:
    """A file shared by some streams, each with `buckets` buckets; `directory` is where it lies (the system's, if None)."""

    def __init__(self, directory: Path | None = None, *, records: int = 0) -> None:
        wanted = max(1, records // RECORDS_PER_BUCKET)
        self.buckets: Final = min(BUCKETS_MAX, 1 << (wanted - 1).bit_length())
        self.bytes_written = 0
        self._streams: list[Stream] = []
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(dir=directory, buffering=0)  # noqa: SIM115 - closed on exit
        except OSError as error:
            raise _unusable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def stream(self) -> "Stream":
        """One more stream of this file."""
        made = Stream(self)
        self._streams.append(made)
        return made

    def make_room(self) -> None:
        """Write what the streams hold, if together it is too much: call it after every few thousand records."""
        if sum(stream.held for stream in self._streams) >= HELD_BYTES_MAX:
            for stream in self._streams:
                stream.flush()

    def write(self, chunk: bytes) -> int:
        """Append `chunk`; returns where it begins."""
        at, rest = self.bytes_written, memoryview(chunk)
        while rest:
            try:
                written = self._file.write(rest) or 0
            except OSError as error:
                raise _unusable(error) from error
            rest = rest[written:]
        self.bytes_written += len(chunk)
        return at

    def read(self, at: int, length: int) -> bytes:
        """What was written there."""
        return os.pread(self._file.fileno(), length, at)


class Stream:
    """Records of one kind. A bucket gives them back in the order in which they were put; equal keys share a bucket."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._mask = spill.buckets - 1
        self._open = [bytearray() for _ in range(spill.buckets)]
        self._places = [array("Q") for _ in range(spill.buckets)]  # where each chunk begins, and its length
        self.held = 0

    def put(self, key: bytes, record: bytes) -> None:
        """Keep `record` in the bucket of `key` (an id's 16 bytes)."""
        self._open[(key[0] << 8 | key[1]) & self._mask] += record
        self.held += len(record)

    def flush(self) -> None:
        """Write what is held."""
        begins = self._spill.write(b"".join(self._open))
        for places, chunk in zip(self._places, self._open, strict=True):
            if chunk:
                places.extend((begins, len(chunk)))
                begins += len(chunk)
                chunk.clear()
        self.held = 0

    def bucket(self, number: int) -> bytes:
        """All records of one bucket."""
        places = self._places[number]
        chunks: list[bytes | bytearray] = [self._spill.read(places[n], places[n + 1]) for n in range(0, len(places), 2)]
        return b"".join([*chunks, self._open[number]])

    def all(self) -> Iterator[bytes]:
        """Every bucket in turn."""
        return map(self.bucket, range(self._spill.buckets))


def _unusable(error: OSError) -> Stopped:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return Stopped(
        "spill_full" if full else "spill_not_writable",
        zh=f"核对用的临时文件写不下去（{error.strerror}）：请用 --spill 指定有空间的目录，约为日志字节数的三分之一",
        en=f"the temporary file of the verification cannot be written ({error.strerror}): name a directory with room by "
        "--spill, about a third of the log's bytes",
    )
