"""A stretch of one partition in a file: gzip, inside it frames of records, each with its length in front (4 bytes)."""

import gzip
import hashlib
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from msgspec import Struct

from shared.pipeline.records import Headers, RawRecord

COMPRESSION: Final = 3  # a third of the size; higher levels cost much more than they give
FRAME_BYTES_MAX: Final = 64_000_000
_LENGTH: Final = struct.Struct(">I")


class Kept(Struct, frozen=True, array_like=True):
    """A record as it was, byte for byte."""

    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Kept]).decode


def kept(raw: RawRecord) -> Kept:
    """The record without its place."""
    return Kept(raw.offset, raw.timestamp_ms, raw.key, raw.value, tuple((k, v) for k, v in raw.headers))


def digest(record: Kept) -> str:
    """Tells whether a record is still the one it was."""
    return hashlib.sha256(_encode(record)).hexdigest()


class SegmentWriter:
    """Writes records into `out`; `size` counts their bytes before compression."""

    def __init__(self, out: BinaryIO) -> None:
        # No file name and no time in it: the same records give the same bytes.
        self._gzip = gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=COMPRESSION, mtime=0)
        self.size = 0

    def write(self, records: Sequence[Kept]) -> None:
        """Add a frame."""
        frame = _encode(records)
        self._gzip.write(_LENGTH.pack(len(frame)))
        self._gzip.write(frame)
        self.size += len(frame)

    def close(self) -> None:
        """Nothing comes any more."""
        self._gzip.close()


def read_segment(path: Path) -> Iterator[list[Kept]]:
    """The frames of a segment, one after the other."""
    with gzip.open(path, "rb") as file:
        while head := file.read(_LENGTH.size):
            (length,) = _LENGTH.unpack(head)
            if length > FRAME_BYTES_MAX:
                raise ValueError(f"{path}: a frame of {length} bytes")
            yield _decode(file.read(length))
