"""Raw records of the log become events, or a reason why not."""

from typing import Final

import msgspec

from shared.errors import Stopped, Undecodable
from shared.events.registry import EVENTS, decode, is_newer_version
from shared.log.headers import ONLY_FOR, TYPE, header
from shared.pipeline.records import RawRecord, Record

VALUE_BYTES_MAX: Final = 2_000_000


class LogReading:
    """Reads our own topics: unknown types are passed over, a newer version of a known one stops the consumer."""

    def __init__(self, *, consumer: str, reads: frozenset[str]) -> None:
        self._consumer = consumer
        self._reads = reads

    def read(self, raw: RawRecord) -> Record | None:
        """The record with its event; None where it is not for this consumer."""
        headers = raw.headers
        type_ = headers[0][1].decode("utf-8", "replace") if headers and headers[0][0] == TYPE else _type(raw)
        if type_ not in self._reads:
            if type_ not in EVENTS and is_newer_version(type_):
                raise _newer(raw, type_)
            return None
        if len(headers) > 6 and (header(headers, ONLY_FOR) or self._consumer) != self._consumer:
            return None
        return _decoded(raw, type_)


def _type(raw: RawRecord) -> str:
    type_ = header(raw.headers, TYPE)
    if type_ is None:
        raise Undecodable("no_event_type", "header ce_type is missing or not UTF-8")
    return type_


def _decoded(raw: RawRecord, type_: str) -> Record:
    value = raw.value
    if not value or len(value) > VALUE_BYTES_MAX:
        raise Undecodable("no_value" if not value else "value_too_large", f"{len(value or b'')} bytes")
    try:
        event = decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable("not_this_event", without_values(str(error))) from error
    if type(event) is not EVENTS[type_]:
        raise Undecodable("type_contradicts_header", f"header says {type_}")
    if raw.key and raw.key.decode("utf-8", "replace") != getattr(event, "complaint_id", ""):
        raise Undecodable("key_contradicts_event", "the key is not the event's complaint_id")
    return Record(raw.topic, raw.partition, raw.offset, raw.timestamp_ms, event, value)


def without_values(message: str) -> str:
    """A decoder's message without the quoted values, which may be personal; the path (`$.…`) stays."""
    reason, _, path = message.partition(" - at ")
    parts = reason.split("'")
    kept = "…".join(parts[::2]) if len(parts) > 1 else reason
    return f"{kept} - at {path}" if path else kept


def _newer(raw: RawRecord, type_: str) -> Stopped:
    where = f"{raw.topic}[{raw.partition}]@{raw.offset}"
    return Stopped(
        "newer_event_version",
        zh=f"{where} 是更新版本的事件 {type_}，本服务还读不懂：请先升级本服务，位置未移动",
        en=f"{where} holds {type_}, a newer version than this service reads: upgrade it first; the position is unmoved",
    )
