"""What a backup holds: one file beside the others, replaced as the last step, so that what it names is whole."""

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from kesu.backup.files import Stored, whole
from shared.errors import Stopped

NAME: Final = "manifest.json"
FORMAT: Final = 1
KEY_NOTE: Final = (
    "主密钥不在备份中，请另行妥善保管；此处只有其指纹 | "
    "The master key is NOT in this backup: keep it elsewhere. Only its fingerprint is here."
)


class Segment(Struct, frozen=True, kw_only=True):
    """Records [`first`, `end`) of one partition, in one file."""

    stored: Stored
    first: int
    end: int
    records: int


class PartitionLog(Struct, frozen=True, kw_only=True):
    """One partition: its segments in order, where it ends, and the digest of its last record."""

    topic: str
    partition: int
    end: int = 0
    last: str = ""
    segments: tuple[Segment, ...] = ()

    @property
    def first(self) -> int:
        """The first offset that is here."""
        return self.segments[0].first if self.segments else self.end

    @property
    def records(self) -> int:
        """How many records are here."""
        return sum(segment.records for segment in self.segments)


class Position(Struct, frozen=True, kw_only=True):
    """How far a service had read a partition."""

    schema: str
    cluster: str
    topic: str
    partition: int
    next_offset: int


class Dump(Struct, frozen=True, kw_only=True):
    """The database at one moment. `erasures`: whose keys were destroyed by then."""

    number: int
    stored: Stored
    erasures: Stored
    at: datetime
    server: str
    program: str
    revisions: tuple[str, ...]
    positions: tuple[Position, ...]
    rows: dict[str, int]


class Manifest(Struct, frozen=True, kw_only=True):
    """Everything in one directory: dumps, oldest first, and the log of one cluster."""

    format: int = FORMAT
    kesu: str
    at: datetime
    cluster: str
    partitions: int
    master_key: str = KEY_NOTE
    master_key_fingerprint: str
    dumps: tuple[Dump, ...] = ()
    log: tuple[PartitionLog, ...] = ()

    def dump(self, number: int | None = None) -> Dump:
        """Dump `number`, or the newest."""
        for one in reversed(self.dumps):
            if number in (None, one.number):
                return one
        numbers = ", ".join(str(one.number) for one in self.dumps)
        raise Stopped(
            "no_such_dump",
            zh=f"没有编号为 {number} 的数据库备份；现有：{numbers}",
            en=f"there is no dump {number}; there are: {numbers}",
        )

    def of(self, topic: str, partition: int) -> PartitionLog:
        """What is here of a partition."""
        empty = PartitionLog(topic=topic, partition=partition)
        return next((one for one in self.log if (one.topic, one.partition) == (topic, partition)), empty)


def write(directory: Path, manifest: Manifest) -> None:
    """Replace the manifest: from now on the backup is this one."""
    with whole(directory / NAME) as out:
        out.write(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


def read(directory: Path) -> Manifest | None:
    """The manifest, None where there is none; raises Stopped where it cannot be read."""
    path = directory / NAME
    if not path.is_file():
        return None
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.DecodeError as error:
        raise _unreadable(path, str(error)) from error
    if found.format != FORMAT:
        raise _unreadable(path, f"format {found.format}")
    return found


def required(directory: Path) -> Manifest:
    """The manifest; raises Stopped where there is none."""
    if (found := read(directory)) is None:
        raise Stopped("no_backup", zh=f"{directory} 中没有备份", en=f"there is no backup in {directory}")
    return found


def _unreadable(path: Path, why: str) -> Stopped:
    return Stopped("backup_unreadable", zh=f"读不懂 {path}：{why}", en=f"{path} cannot be read: {why}")
