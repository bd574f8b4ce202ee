"""What a verification collects: facts of the log by event and by complaint, and what the tables say of each."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from struct import Struct as Layout
from types import TracebackType
from typing import Final, Self

import msgspec

from kesu.verify.spill import Spill
from kesu.verify.told import encode, told_by
from shared.events.envelope import ComplaintFact, Fact

DIGEST_BYTES: Final = 8
PUBLISHERS: Final = ("intake", "routing", "followup")
ARCHIVED: Final = len(PUBLISHERS)  # after one number for what each publisher saved
SUBMITTED: Final = ARCHIVED + 1
VIEWED, KEPT_PROMISE, SHOWN_PROMISE = range(3)

ON_LOG: Final = Layout("<16s8sBHq")  # event, digest, publisher, partition, offset
IN_TABLE: Final = Layout("<16s8sB")  # event, digest, table
_FACT: Final = Layout("<16sHqI")  # complaint, partition, offset, length of what follows
_ROW: Final = Layout("<16sBI")  # complaint, kind of row, length of what follows
_NO_DIGEST: Final = bytes(DIGEST_BYTES)
_row_encoder: Final = msgspec.msgpack.Encoder()


def key_of(id_: str) -> bytes:
    """An id's 16 bytes; raises ValueError where it is no UUID."""
    key = bytes.fromhex(id_.replace("-", ""))
    if len(key) != 16:
        raise ValueError(f"{id_!r} is no id")
    return key


def digest_of(value: bytes) -> bytes:
    """The first bytes of a SHA-256: PostgreSQL can say the same of what it holds."""
    return sha256(value).digest()[:DIGEST_BYTES]


class Evidence:
    """Everything put aside, on disk. `records`: about how many there will be."""

    def __init__(self, directory: Path | None = None, *, records: int = 0) -> None:
        self.spill = Spill(directory, records=records)
        self.log = self.spill.stream()
        self.tables = self.spill.stream()
        self.facts = self.spill.stream()
        self.rows = self.spill.stream()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.spill.__exit__(kind, error, trace)

    def make_room(self) -> None:
        """Keep memory flat: call it after every few thousand records."""
        self.spill.make_room()

    def published(self, event: Fact, value: bytes, *, publisher: int, partition: int, offset: int) -> None:
        """`event` stands on the log, on the `partition`-th of those looked at; raises ValueError where an id is none."""
        key = key_of(event.id)
        complaint = key_of(event.complaint_id) if isinstance(event, ComplaintFact) else None
        self.log.put(key, ON_LOG.pack(key, digest_of(value), publisher, partition, offset))
        if complaint is not None:
            told = encode(told_by(event))  # type: ignore[arg-type]
            self.facts.put(complaint, _FACT.pack(complaint, partition, offset, len(told)) + told)

    def in_table(self, table: int, key: bytes, digest: bytes = _NO_DIGEST) -> None:
        """A table has this event: saved by the publisher of that number, ARCHIVED, or SUBMITTED."""
        self.tables.put(key, IN_TABLE.pack(key, digest, table))

    def row(self, kind: int, key: bytes, *says: str) -> None:
        """A table has a row of this complaint: VIEWED (status, kind, severity), …_PROMISE (promise, state)."""
        row = _row_encoder.encode(says)
        self.rows.put(key, _ROW.pack(key, kind, len(row)) + row)


def facts_in(bucket: bytes) -> Iterator[tuple[bytes, int, int, bytes]]:
    """(complaint, partition, offset, what is told) in the order of the log."""
    at, size, unpack = 0, _FACT.size, _FACT.unpack_from
    while at < len(bucket):
        key, partition, offset, length = unpack(bucket, at)
        at += size + length
        yield key, partition, offset, bucket[at - length : at]


def rows_in(bucket: bytes) -> Iterator[tuple[bytes, int, list[str]]]:
    """(complaint, kind of row, what it says)."""
    at, decode = 0, msgspec.msgpack.Decoder(list[str]).decode
    while at < len(bucket):
        key, kind, length = _ROW.unpack_from(bucket, at)
        at += _ROW.size + length
        yield key, kind, decode(bucket[at - length : at])
