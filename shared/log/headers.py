"""CloudEvents 1.0, Kafka binding, binary mode: the few headers that every event of ours carries."""

from typing import Final

from shared.pipeline.records import Headers

TYPE: Final = "ce_type"
# Only this consumer is to take the record (a dead letter that was driven again); others pass it over. Always the last.
ONLY_FOR: Final = "kesu_only_for"
TRACEPARENT: Final = "traceparent"
_SPEC: Final = ("ce_specversion", b"1.0")
_JSON: Final = ("content-type", b"application/json")


def event_headers(*, type_: str, id_: str, source: bytes, key: str) -> list[tuple[str, bytes]]:
    """Headers of an event; its type first, so that a reader passes over it at the first glance."""
    headers = [(TYPE, type_.encode()), _SPEC, ("ce_id", id_.encode()), ("ce_source", source), _JSON]
    if key:
        headers.append(("ce_partitionkey", key.encode()))
    return headers


def with_trace(headers: list[tuple[str, bytes]], traceparent: str) -> list[tuple[str, bytes]]:
    """The headers with a W3C trace context: the last, but for `kesu_only_for`."""
    at = len(headers) - 1 if headers and headers[-1][0] == ONLY_FOR else len(headers)
    headers.insert(at, (TRACEPARENT, traceparent.encode()))
    return headers


def header(headers: Headers, name: str) -> str | None:
    """The value of header `name`, None where it is absent or no UTF-8."""
    for key, value in headers:
        if key == name:
            try:
                return value.decode()
            except (UnicodeDecodeError, AttributeError):
                return None
    return None
