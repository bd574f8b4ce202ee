"""What travels through the pipeline."""

from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from shared.events.envelope import Fact

Headers: TypeAlias = tuple[tuple[str, bytes], ...]


class RawRecord(Struct, frozen=True):
    """A record as the broker gave it. `timestamp_ms` is Unix time in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers


class Record(Struct, frozen=True):
    """A record of the log with its event read; `value` are the bytes it was read from."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    event: Fact
    value: bytes


class Outgoing(Struct, frozen=True):
    """An event on its way to `topic`: bytes, key, and what its headers say (all of them in `headers`, where given).

    `timestamp_ms` is the record's time where it is not simply the time of writing. `trace` is the W3C trace context it
    travels with. `fact` is the event itself, where it was decided just now: never what was stored before.
    """

    topic: str
    key: str
    id: str
    type: str
    value: bytes
    headers: Headers = ()
    timestamp_ms: int | None = None
    trace: str = ""
    fact: Fact | None = None

    def with_value(self, value: bytes) -> "Outgoing":
        """The same event with the bytes that were stored first."""
        return self if value == self.value else replace(self, value=value, fact=None)
