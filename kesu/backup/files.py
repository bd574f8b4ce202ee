"""Files of a backup: there whole or not at all, and known by their digest."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from shared.errors import Stopped

CHUNK_BYTES: Final = 1 << 20
PART: Final = ".part"  # of a file that is not whole yet; the next backup removes it


class Stored(Struct, frozen=True, kw_only=True):
    """A file of the backup; `file` is relative to its directory."""

    file: str
    bytes: int
    sha256: str


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Write `path`: it appears, on disk, when the block ends well, and never before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def stored(directory: Path, path: Path) -> Stored:
    """The entry of `path`, which lies in `directory`."""
    return Stored(file=path.relative_to(directory).as_posix(), bytes=path.stat().st_size, sha256=sha256_of(path))


def sha256_of(path: Path) -> str:
    """The digest of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def check(directory: Path, entry: Stored) -> Path:
    """Where the file is; raises Stopped where it is missing or is not what was written."""
    path = directory / entry.file
    found = sha256_of(path) if path.is_file() and path.stat().st_size == entry.bytes else None
    if found != entry.sha256:
        raise Stopped(
            "backup_damaged",
            zh=f"备份文件缺失或已损坏：{path}",
            en=f"a file of the backup is missing or damaged: {path}",
        )
    return path


@contextmanager
def taken(directory: Path) -> Iterator[None]:
    """Nobody else backs up into `directory` meanwhile; what an interrupted backup left half-written is removed."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / ".lock").open("w") as gate:
        try:
            fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Stopped(
                "backup_under_way",
                zh=f"另一个备份正在写入 {directory}",
                en=f"another backup is being written into {directory}",
            ) from error
        for left in directory.rglob(f"*{PART}"):
            left.unlink()
        yield
