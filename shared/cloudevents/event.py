"""A CloudEvent as our doors see it, and what makes one invalid."""

from datetime import datetime
from typing import Final

from msgspec import Struct

SPEC_VERSION: Final = "1.0"
STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
ATTRIBUTE_CHARACTERS_MAX: Final = 1_000  # far above what any real producer sends; the specification sets no limit


class CloudEvent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event: required attributes, the optional ones we use, and its data as bytes.

    `data` is the payload exactly as `datacontenttype` says it is encoded (JSON when that is empty); None = no data.
    """

    id: str
    source: str
    type: str
    time: datetime | None = None
    subject: str = ""
    partitionkey: str = ""
    datacontenttype: str = ""
    dataschema: str = ""
    data: bytes | None = None


class InvalidCloudEvent(ValueError):
    """`code` says what is wrong: one of `shared.problems.PROBLEMS`; `detail` names the attribute, never its value."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def is_json(content_type: str) -> bool:
    """Whether data of `content_type` is JSON (RFC 6839: `application/json`, `text/json`, or any `+json`)."""
    if not content_type:
        return True
    media = media_type(content_type)
    return media in ("application/json", "text/json") or media.endswith("+json")


def media_type(content_type: str) -> str:
    """`content_type` without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def from_attributes(attributes: dict[str, str], data: bytes | None, *, datacontenttype: str) -> CloudEvent:
    """The event with these attributes (lower-case names); raises InvalidCloudEvent where one is missing or malformed."""
    get = attributes.get
    if get("specversion") != SPEC_VERSION:
        raise InvalidCloudEvent("cloudevent_version_unsupported", "specversion")
    id_, source, type_ = get("id"), get("source"), get("type")
    if not id_ or not source or not type_:
        missing = [name for name in ("id", "source", "type") if not get(name)]
        raise InvalidCloudEvent("cloudevent_attribute_missing", ", ".join(missing))
    for text in attributes.values():
        if len(text) > ATTRIBUTE_CHARACTERS_MAX:
            raise InvalidCloudEvent("cloudevent_attribute_too_long", "an attribute is too long")
    time = get("time")
    return CloudEvent(
        id=id_,
        source=source,
        type=type_,
        time=parsed_time(time) if time else None,
        subject=get("subject", ""),
        partitionkey=get("partitionkey", ""),
        datacontenttype=datacontenttype,
        dataschema=get("dataschema", ""),
        data=data,
    )


def parsed_time(text: str) -> datetime:
    """An RFC 3339 timestamp; raises InvalidCloudEvent for anything else, also for one without a zone."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidCloudEvent("cloudevent_time_invalid", "time") from error
    if time.tzinfo is None:
        raise InvalidCloudEvent("cloudevent_time_invalid", "time has no zone")
    return time
