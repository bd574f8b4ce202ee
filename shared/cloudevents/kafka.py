"""The Kafka binding: attributes in `ce_*` record headers (binary mode), or the whole event in the value (structured)."""

from collections.abc import Sequence

from shared.cloudevents import structured
from shared.cloudevents.event import STRUCTURED, CloudEvent, InvalidCloudEvent, from_attributes, media_type

_PREFIX = "ce_"
_CONTENT_TYPE = "content-type"


def decode(headers: Sequence[tuple[str, bytes]], value: bytes | None) -> CloudEvent:
    """The event of a record in either mode; raises InvalidCloudEvent."""
    attributes: dict[str, str] = {}
    content_type = ""
    try:
        for name, raw in headers:
            if name[:3] == _PREFIX:
                attributes[name[3:]] = raw.decode()
            elif name == _CONTENT_TYPE or name.lower() == _CONTENT_TYPE:
                content_type = raw.decode()
    except (UnicodeDecodeError, AttributeError) as error:
        raise InvalidCloudEvent("cloudevent_attribute_invalid", "a header is not UTF-8") from error
    if content_type.startswith("application/cloudevents"):
        return _structured(media_type(content_type), value)
    return from_attributes(attributes, value, datacontenttype=content_type)


def encode_binary(event: CloudEvent) -> tuple[list[tuple[str, bytes]], bytes | None]:
    """Headers and value of the event in binary mode; the record's key is the caller's (its partitionkey)."""
    headers = [("ce_type", event.type.encode()), ("ce_specversion", b"1.0")]
    headers += [("ce_id", event.id.encode()), ("ce_source", event.source.encode())]
    for name in ("subject", "partitionkey", "dataschema"):
        text = getattr(event, name)
        if text:
            headers.append((f"ce_{name}", text.encode()))
    if event.time:
        headers.append(("ce_time", event.time.isoformat().encode()))
    headers.append((_CONTENT_TYPE, (event.datacontenttype or "application/json").encode()))
    return headers, event.data


def encode_structured(event: CloudEvent) -> tuple[list[tuple[str, bytes]], bytes]:
    """Headers and value of the event in structured mode."""
    return [(_CONTENT_TYPE, b"application/cloudevents+json; charset=UTF-8")], structured.encode(event)


def _structured(media: str, value: bytes | None) -> CloudEvent:
    if media != STRUCTURED:
        raise InvalidCloudEvent("cloudevent_format_unsupported", "a record holds one event in the JSON format")
    if not value:
        raise InvalidCloudEvent("json_malformed", "the record has no value")
    return structured.decode(value)
