"""The Kafka binding, with the specification's own examples."""

from datetime import UTC, datetime

import pytest

from shared.cloudevents import kafka
from shared.cloudevents.event import CloudEvent, InvalidCloudEvent

# Kafka Protocol Binding 1.0.2, section 3.2.5 and 3.3.4
BINARY = [
    ("ce_specversion", b"1.0"),
    ("ce_type", b"com.example.someevent"),
    ("ce_source", b"/mycontext/subcontext"),
    ("ce_id", b"1234-1234-1234"),
    ("ce_time", b"2018-04-05T03:56:24Z"),
    ("content-type", b"application/avro"),
]
STRUCTURED = b"""{
    "specversion" : "1.0", "type" : "com.example.someevent", "source" : "/mycontext/subcontext",
    "id" : "1234-1234-1234", "time" : "2018-04-05T03:56:24Z", "datacontenttype" : "application/xml",
    "data" : "<much wow=\\"xml\\"/>"
}"""


def test_binary_mode() -> None:
    event = kafka.decode(BINARY, b"\x00avro")

    assert ("1234-1234-1234", "/mycontext/subcontext", "com.example.someevent") == (event.id, event.source, event.type)
    assert datetime(2018, 4, 5, 3, 56, 24, tzinfo=UTC) == event.time
    assert ("application/avro", b"\x00avro") == (event.datacontenttype, event.data)


def test_structured_mode() -> None:
    event = kafka.decode([("content-type", b"application/cloudevents+json; charset=UTF-8")], STRUCTURED)

    assert ("1234-1234-1234", b'<much wow="xml"/>') == (event.id, event.data)


@pytest.mark.parametrize(
    ("code", "headers", "value"),
    [
        ("cloudevent_version_unsupported", [], b"{}"),
        ("cloudevent_attribute_missing", [("ce_specversion", b"1.0"), ("ce_type", b"t")], b"{}"),
        ("cloudevent_attribute_invalid", [*BINARY, ("ce_subject", b"\xff")], b"{}"),
        ("cloudevent_attribute_too_long", [*BINARY, ("ce_subject", b"x" * 1_001)], b"{}"),
        ("cloudevent_format_unsupported", [("content-type", b"application/cloudevents-batch+json")], b"[]"),
        ("cloudevent_format_unsupported", [("content-type", b"application/cloudevents+avro")], b"x"),
        ("json_malformed", [("content-type", b"application/cloudevents+json")], None),
    ],
)
def test_what_is_wrong_is_named(code: str, headers: list[tuple[str, bytes]], value: bytes | None) -> None:
    with pytest.raises(InvalidCloudEvent) as caught:
        kafka.decode(headers, value)

    assert code == caught.value.code


@pytest.mark.parametrize("data", [b'{"a":1}', b'"text"', None])
def test_what_is_written_is_read_again_in_both_modes(data: bytes | None) -> None:
    event = CloudEvent(
        id="1", source="/s", type="t", subject="客诉", partitionkey="k", time=datetime(2018, 4, 5, tzinfo=UTC),
        datacontenttype="application/json", data=data,
    )  # fmt: skip

    assert event == kafka.decode(*kafka.encode_binary(event))
    assert event == kafka.decode(*kafka.encode_structured(event))
