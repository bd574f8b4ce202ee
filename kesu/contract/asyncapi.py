"""The AsyncAPI 3.0 document of the topics, from the registry of events and the submissions."""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import msgspec

from shared.events.envelope import ComplaintFact
from shared.events.registry import EVENTS, PUBLISHER_OF
from shared.events.submissions import SUBMISSIONS
from shared.log import customer_keys, watermarks
from shared.pipeline import dead_letters
from shared.vault import WrappedKey

Document: TypeAlias = dict[str, Any]

VERSION: Final = "1.0.0"  # of the contract as a whole; each type carries its own version
REFERENCE: Final = "#/components/schemas/{name}"
# Channel → its topic, and what it is for.
CHANNELS: Final = {
    "submissions": ("kesu.submissions", "What channels and people send in. Both CloudEvents modes are taken."),
    "complaints": ("kesu.complaints", "The log: every fact of every complaint, keyed by complaint_id, kept for ever."),
    "control": ("kesu.control", "Facts that belong to no complaint; one partition, kept for ever."),
    "dead-letters": (dead_letters.TOPIC, "What a consumer could not use, with where it was and why; content sealed."),
    "watermarks": (watermarks.TOPIC, "How far intake has taken submissions in; one partition, kept for an hour."),
    "customer-keys": (
        customer_keys.TOPIC,
        "New keys of customers, wrapped, for a database restored from an older backup; one partition, kept for days.",
    ),
}
# Channel → the message on it that is no event.
NO_EVENTS: Final = {
    "dead-letters": (dead_letters.TYPE, dead_letters.DeadLetter),
    "watermarks": (watermarks.WATERMARK, watermarks.Watermark),
    "customer-keys": (customer_keys.KEY_MADE, WrappedKey),
}


def asyncapi() -> Document:
    """The whole document."""
    structs = [*EVENTS.values(), *SUBMISSIONS.values(), *(struct for _, struct in NO_EVENTS.values())]
    references, schemas = msgspec.json.schema_components(structs, ref_template=REFERENCE)
    payloads = dict(zip([*EVENTS, *SUBMISSIONS, *(type_ for type_, _ in NO_EVENTS.values())], references, strict=True))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kesu (客诉)",
            "version": VERSION,
            "description": "The facts of complaints, and how they come in. CloudEvents 1.0 over Kafka, binary mode.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name, messages_of(name)) for name in CHANNELS},
        "operations": _operations(),
        "components": {
            "messages": {type_: _message(type_, payload) for type_, payload in payloads.items()},
            "schemas": {name: draft_07(schema) for name, schema in sorted(schemas.items())},
        },
    }


def messages_of(channel: str) -> list[str]:
    """Types of the messages that travel on `channel`."""
    if channel == "submissions":
        return list(SUBMISSIONS)
    if channel in NO_EVENTS:
        return [NO_EVENTS[channel][0]]
    return [t for t, struct in EVENTS.items() if issubclass(struct, ComplaintFact) == (channel == "complaints")]


def draft_07(schema: Any) -> Any:
    """`schema` with arrays of fixed length as JSON Schema draft 07 writes them, which is what AsyncAPI reads."""
    if isinstance(schema, list):
        return [draft_07(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    written = {key: draft_07(value) for key, value in schema.items()}
    if "prefixItems" in written:
        further = written.pop("items", True)
        written["items"], written["additionalItems"] = written.pop("prefixItems"), further
    return written


def _channel(name: str, types: Iterable[str]) -> Document:
    address, description = CHANNELS[name]
    return {
        "address": address,
        "description": description,
        "messages": {type_: {"$ref": f"#/components/messages/{type_}"} for type_ in types},
    }


def _message(type_: str, payload: Document) -> Document:
    struct = EVENTS.get(type_)
    headers: Document = {
        "ce_type": {"type": "string", "const": type_},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string"},
        "ce_source": {"type": "string"},
        "content-type": {"type": "string"},
    }
    message: Document = {"name": type_, "contentType": "application/json", "payload": payload}
    if struct is not None and issubclass(struct, ComplaintFact):
        headers["ce_partitionkey"] = {"type": "string", "description": "complaint_id, as in the record's key"}
        message["bindings"] = {"kafka": {"key": {"type": "string", "description": "complaint_id"}}}
    required = ["ce_type", "ce_specversion", "ce_id", "ce_source"]
    return message | {"headers": {"type": "object", "properties": headers, "required": required}}


def _operations() -> Document:
    """What each service sends, and what intake takes in."""
    operations: Document = {"intake.takes": _operation("receive", "submissions", messages_of("submissions"))}
    for channel in ("complaints", "control"):
        for service in sorted(set(PUBLISHER_OF.values())):
            types = [type_ for type_ in messages_of(channel) if PUBLISHER_OF[type_] == service]
            if types:
                operations[f"{service}.publishes.{channel}"] = _operation("send", channel, types)
    operations["every-service.refuses"] = _operation("send", "dead-letters", messages_of("dead-letters"))
    for act, verb in (("send", "tells"), ("receive", "learns")):
        operations[f"intake.{verb}.customer-keys"] = _operation(act, "customer-keys", messages_of("customer-keys"))
    operations["intake.tells.watermarks"] = _operation("send", "watermarks", messages_of("watermarks"))
    operations["followup.hears.watermarks"] = _operation("receive", "watermarks", messages_of("watermarks"))
    return operations


def _operation(action: str, channel: str, types: Iterable[str]) -> Document:
    reference = f"#/channels/{channel}"
    messages = [{"$ref": f"{reference}/messages/{type_}"} for type_ in types]
    return {"action": action, "channel": {"$ref": reference}, "messages": messages}
