"""The JSON event format: one event as a JSON object, or a batch as a JSON array of them."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from shared.cloudevents.event import CloudEvent, InvalidCloudEvent, is_json, parsed_time

Attribute = Annotated[str, Meta(min_length=1, max_length=1_000)]
OptionalAttribute = Annotated[str, Meta(max_length=1_000)]


class Envelope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The JSON object of structured mode. Extension attributes other than `partitionkey` are passed over."""

    specversion: Literal["1.0"]
    id: Attribute
    source: Attribute
    type: Attribute
    time: OptionalAttribute | None = None
    subject: OptionalAttribute | None = None
    partitionkey: OptionalAttribute | None = None
    datacontenttype: OptionalAttribute | None = None
    dataschema: OptionalAttribute | None = None
    data: Raw | UnsetType = UNSET
    data_base64: str | None = None


_envelope = msgspec.json.Decoder(Envelope)
_envelopes = msgspec.json.Decoder(list[Raw])
_encode = msgspec.json.Encoder().encode


def decode(body: bytes) -> CloudEvent:
    """The event in `body`; raises InvalidCloudEvent."""
    try:
        envelope = _envelope.decode(body)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidCloudEvent("json_malformed", "the CloudEvent is no JSON object") from error
    return CloudEvent(
        id=envelope.id,
        source=envelope.source,
        type=envelope.type,
        time=parsed_time(envelope.time) if envelope.time else None,
        subject=envelope.subject or "",
        partitionkey=envelope.partitionkey or "",
        datacontenttype=envelope.datacontenttype or "",
        dataschema=envelope.dataschema or "",
        data=_data(envelope),
    )


def split_batch(body: bytes) -> list[bytes]:
    """The JSON objects of a batch, each still to be decoded: a bad one does not spoil the others.

    Raises InvalidCloudEvent where `body` is no JSON array.
    """
    try:
        return [bytes(raw) for raw in _envelopes.decode(body)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidCloudEvent("json_malformed", "a batch is a JSON array of CloudEvents") from error


def encode(event: CloudEvent) -> bytes:
    """The event as a JSON object; data that is no JSON goes into `data_base64`."""
    plain = event.data is not None and is_json(event.datacontenttype)
    return _encode(
        Envelope(
            specversion="1.0",
            id=event.id,
            source=event.source,
            type=event.type,
            time=_rfc3339(event.time),
            subject=event.subject or None,
            partitionkey=event.partitionkey or None,
            datacontenttype=event.datacontenttype or None,
            dataschema=event.dataschema or None,
            data=Raw(event.data) if plain and event.data else UNSET,
            data_base64=None if plain or event.data is None else b64encode(event.data).decode(),
        )
    )


def encode_batch(events: list[CloudEvent]) -> bytes:
    """The events as a JSON array."""
    return b"[" + b",".join(encode(event) for event in events) + b"]"


def _data(envelope: Envelope) -> bytes | None:
    raw = b"" if envelope.data is UNSET else bytes(envelope.data)
    if envelope.data_base64 is None:
        return _unquoted(raw, envelope.datacontenttype or "") if raw else None
    if raw:
        raise InvalidCloudEvent("cloudevent_data_twice", "data and data_base64")
    try:
        return b64decode(envelope.data_base64, validate=True)
    except (Base64Error, ValueError) as error:
        raise InvalidCloudEvent("cloudevent_base64_invalid", "data_base64") from error


def _unquoted(raw: bytes, content_type: str) -> bytes:
    """Data of a type that is no JSON stands in the envelope as a JSON string: its text is the data."""
    if is_json(content_type) or not raw.startswith(b'"'):
        return raw
    return str(msgspec.json.decode(raw)).encode()


def _rfc3339(time: datetime | None) -> str | None:
    return time.isoformat().replace("+00:00", "Z") if time else None


def _invalid(error: msgspec.ValidationError) -> InvalidCloudEvent:
    path = str(error).partition(" - at `$.")[2].rstrip("`")
    if path == "specversion" or "`specversion`" in str(error):
        return InvalidCloudEvent("cloudevent_version_unsupported", "specversion")
    if "missing required field" in str(error):
        return InvalidCloudEvent("cloudevent_attribute_missing", str(error).rpartition("field ")[2].strip("`"))
    return InvalidCloudEvent("cloudevent_attribute_invalid", path or "the event is no JSON object")
