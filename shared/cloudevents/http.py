"""The HTTP binding: which of the three content modes a request uses, and the events in it."""

from collections.abc import Iterable
from typing import Literal
from urllib.parse import unquote

from shared.cloudevents import structured
from shared.cloudevents.event import BATCH, STRUCTURED, CloudEvent, InvalidCloudEvent, from_attributes, media_type

Mode = Literal["binary", "structured", "batch"]

_PREFIX = "ce-"


def mode_of(content_type: str) -> Mode:
    """The content mode; raises InvalidCloudEvent for an event format other than JSON."""
    media = media_type(content_type)
    if media == STRUCTURED:
        return "structured"
    if media == BATCH:
        return "batch"
    if media.startswith("application/cloudevents"):
        raise InvalidCloudEvent("cloudevent_format_unsupported", "only the JSON event format is taken")
    return "binary"


def decode_binary(headers: Iterable[tuple[str, str]], body: bytes, *, content_type: str) -> CloudEvent:
    """The event whose attributes are `ce-*` headers (names in any case, values percent-encoded) and whose data is `body`."""
    attributes: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        if lower.startswith(_PREFIX):
            attributes[lower[len(_PREFIX) :]] = _decoded(value)
    return from_attributes(attributes, body or None, datacontenttype=content_type)


def encode_binary(event: CloudEvent) -> tuple[dict[str, str], bytes]:
    """Headers and body of the event in binary mode."""
    headers = {"ce-specversion": "1.0"}
    for name in ("id", "source", "type", "subject", "partitionkey", "dataschema"):
        value = getattr(event, name)
        if value:
            headers[f"ce-{name}"] = _encoded(value)
    if event.time:
        headers["ce-time"] = event.time.isoformat()
    headers["content-type"] = event.datacontenttype or "application/json"
    return headers, event.data or b""


def decode_structured(body: bytes) -> CloudEvent:
    """The event of a structured request."""
    return structured.decode(body)


def _decoded(value: str) -> str:
    text = (
        value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        if len(value) > 1 and value[0] == value[-1] == '"'
        else value
    )
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidCloudEvent("cloudevent_attribute_invalid", "a header is not percent-encoded UTF-8") from error


def _encoded(value: str) -> str:
    """Printable ASCII but space, double quote and percent stays; the rest is percent-encoded (binding, 3.1.3.2)."""
    return "".join(
        c if "!" <= c <= "~" and c not in '"%' else "".join(f"%{byte:02X}" for byte in c.encode()) for c in value
    )
