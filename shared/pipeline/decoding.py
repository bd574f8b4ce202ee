"""Raw records of the log become events, or a reason why not."""

import re
from typing import Final

import msgspec

from shared.errors import Stopped, Undecodable
from shared.events.registry import EVENTS, decode, is_newer_version
from shared.log.headers import ONLY_FOR, TYPE, header
from shared.pipeline.records import RawRecord, Record

VALUE_BYTES_MAX: Final = 2_000_000
_PATH: Final = re.compile(r"(`key` in )?`\$[\w.\[\]]*`", re.ASCII)
_QUOTE: Final = re.compile(r"['\"`]")
_OF_THE_SCHEMA: Final = ("Expected ", "Object missing ")  # what these quote is ours


class LogReading:
    """Reads our own topics: unknown types are passed over, a newer version of a known one stops the consumer."""

    def __init__(self, *, consumer: str, reads: frozenset[str]) -> None:
        self._only_for = consumer.encode()
        self._reads = reads

    def read(self, raw: RawRecord) -> Record | None:
        """The record with its event; None where it is not for this consumer."""
        headers = raw.headers
        if headers and headers[-1][0] == ONLY_FOR and headers[-1][1] != self._only_for:
            return None
        type_ = headers[0][1].decode("utf-8", "replace") if headers and headers[0][0] == TYPE else _type(raw)
        if type_ not in self._reads:
            if type_ not in EVENTS and is_newer_version(type_):
                raise _newer(raw, type_)
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
    except UnicodeDecodeError as error:
        raise Undecodable("not_this_event", "not UTF-8") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Undecodable("not_this_event", without_values(str(error))) from error
    if type(event) is not EVENTS[type_]:
        raise Undecodable("type_contradicts_header", f"header says {type_}")
    if raw.key and raw.key.decode("utf-8", "replace") != getattr(event, "complaint_id", ""):
        raise Undecodable("key_contradicts_event", "the key is not the event's complaint_id")
    return Record(raw.topic, raw.partition, raw.offset, raw.timestamp_ms, event, value)


def without_values(message: str) -> str:
    """A decoder's message without anything the record held, which may be personal; the path (`$.…`) stays."""
    reason, _, path = message.rpartition(" - at ")
    if not _PATH.fullmatch(path):
        reason, path = message, ""
    if not reason.startswith(_OF_THE_SCHEMA) and (quote := _QUOTE.search(reason)):
        reason = f"{reason[: quote.start()]}…"
    return f"{reason} - at {path}" if path else reason


def _newer(raw: RawRecord, type_: str) -> Stopped:
    where = f"{raw.topic}[{raw.partition}]@{raw.offset}"
    return Stopped(
        "newer_event_version",
        zh=f"{where} 是更新版本的事件 {type_}，本服务还读不懂：请先升级本服务，位置未移动",
        en=f"{where} holds {type_}, a newer version than this service reads: upgrade it first; the position is unmoved",
    )
