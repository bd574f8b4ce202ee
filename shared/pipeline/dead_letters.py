"""Dead letters: what could not be used, with where it was, who could not use it and why; the content stays sealed."""

import re
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from shared.ids import derive
from shared.log.headers import header
from shared.pipeline.records import Headers, Outgoing, RawRecord
from shared.vault import Vault

TOPIC: Final = "kesu.dead-letters"
TYPE: Final = "kesu.dead-letter.v1"
CONTENT_BYTES_MAX: Final = (
    500_000  # larger ones keep their place only: they can be read there for as long as it is kept
)
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class DeadLetter(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A record a consumer could not use. `hole_last` is set where offsets were missing instead (from `offset` to it)."""

    id: str
    consumer: str
    topic: str
    partition: int
    offset: int
    code: str
    detail: str = ""
    dead_at: datetime
    timestamp_ms: int = 0
    trace: str = ""
    size: int = 0
    hole_last: int | None = None
    content: bytes | None = None


class Content(Struct, frozen=True, array_like=True):
    """What the record held, byte for byte."""

    key: bytes | None
    value: bytes | None
    headers: Headers


_encode = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode
_letters = msgspec.json.Decoder(DeadLetter)
_contents = msgspec.msgpack.Decoder(Content)


class DeadLetters:
    """Writes and opens the dead letters of one consumer."""

    def __init__(self, *, consumer: str, vault: Vault) -> None:
        self._consumer = consumer
        self._vault = vault

    def of(self, raw: RawRecord, *, code: str, detail: str, at: datetime) -> Outgoing:
        """The dead letter of `raw`."""
        id_ = derive("dead-letter", self._consumer, raw.topic, str(raw.partition), str(raw.offset))
        whole = _pack(Content(raw.key, raw.value, raw.headers))
        content = self._vault.seal_blob(id_, whole) if len(whole) <= CONTENT_BYTES_MAX else None
        letter = DeadLetter(
            id=id_, consumer=self._consumer, topic=raw.topic, partition=raw.partition, offset=raw.offset, code=code,
            detail=detail[:500], dead_at=at, timestamp_ms=raw.timestamp_ms, size=len(raw.value or b""), content=content,
            trace=_trace(raw.headers),
        )  # fmt: skip
        return _outgoing(letter)

    def of_hole(self, topic: str, partition: int, *, first: int, last: int, at: datetime) -> Outgoing:
        """The dead letter that records offsets [first, last] the broker never gave."""
        letter = DeadLetter(
            id=derive("hole", self._consumer, topic, str(partition), str(first)), consumer=self._consumer, topic=topic,
            partition=partition, offset=first, hole_last=last, code="hole_in_the_log", dead_at=at,
        )  # fmt: skip
        return _outgoing(letter)


def read_letter(value: bytes) -> DeadLetter:
    """The dead letter in `value`."""
    return _letters.decode(value)


def open_letter(letter: DeadLetter, vault: Vault) -> Content | None:
    """What the record held; None where it was too large to keep or was a hole."""
    return _contents.decode(vault.open_blob(letter.id, letter.content)) if letter.content else None


def _trace(headers: Headers) -> str:
    """The W3C trace context; nothing where the header holds anything else, which could be personal, or huge."""
    found = header(headers, "traceparent") or ""
    return found if _TRACEPARENT.fullmatch(found) else ""


def _outgoing(letter: DeadLetter) -> Outgoing:
    return Outgoing(topic=TOPIC, key="", id=letter.id, type=TYPE, value=_encode(letter))
