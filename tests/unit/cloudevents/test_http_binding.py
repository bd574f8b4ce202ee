"""The HTTP binding, with the specification's own examples."""

from datetime import UTC, datetime

import pytest

from shared.cloudevents import http
from shared.cloudevents.event import CloudEvent, InvalidCloudEvent

# HTTP Protocol Binding 1.0.2, section 3.1.4
BINARY = [
    ("Host", "webhook.example.com"),
    ("ce-specversion", "1.0"),
    ("ce-type", "com.example.someevent"),
    ("ce-time", "2018-04-05T03:56:24Z"),
    ("ce-id", "1234-1234-1234"),
    ("ce-source", "/mycontext/subcontext"),
    ("Content-Type", "application/json; charset=utf-8"),
]


@pytest.mark.parametrize(
    ("content_type", "mode"),
    [
        ("application/cloudevents+json; charset=UTF-8", "structured"),
        ("Application/CloudEvents+JSON", "structured"),
        ("application/cloudevents-batch+json; charset=UTF-8", "batch"),
        ("application/json; charset=utf-8", "binary"),
        ("", "binary"),
    ],
)
def test_the_content_type_tells_the_mode(content_type: str, mode: str) -> None:
    assert mode == http.mode_of(content_type)


@pytest.mark.parametrize("content_type", ["application/cloudevents+xml", "application/cloudevents-batch+avro"])
def test_other_event_formats_are_refused(content_type: str) -> None:
    with pytest.raises(InvalidCloudEvent) as caught:
        http.mode_of(content_type)

    assert "cloudevent_format_unsupported" == caught.value.code


def test_binary_mode_reads_attributes_from_headers_in_any_case() -> None:
    headers = [(name.upper(), value) for name, value in BINARY]
    event = http.decode_binary(headers, b'{"a":1}', content_type="application/json; charset=utf-8")

    assert ("1234-1234-1234", "/mycontext/subcontext", "com.example.someevent") == (event.id, event.source, event.type)
    assert datetime(2018, 4, 5, 3, 56, 24, tzinfo=UTC) == event.time
    assert (b'{"a":1}', "application/json; charset=utf-8") == (event.data, event.datacontenttype)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),  # section 3.1.3.2
        ('"quoted \\"value\\""', 'quoted "value"'),
        ("%C3%A9", "é"),
        ("100%25", "100%"),
    ],
)
def test_header_values_are_percent_encoded(written: str, meant: str) -> None:
    event = http.decode_binary([*BINARY, ("ce-subject", written)], b"", content_type="")

    assert meant == event.subject


def test_bad_percent_encoding_is_named() -> None:
    with pytest.raises(InvalidCloudEvent) as caught:
        http.decode_binary([*BINARY, ("ce-subject", "%FF%FE")], b"", content_type="")

    assert "cloudevent_attribute_invalid" == caught.value.code


def test_missing_attributes_are_named() -> None:
    with pytest.raises(InvalidCloudEvent) as caught:
        http.decode_binary([("ce-specversion", "1.0"), ("ce-id", "1")], b"", content_type="")

    assert ("cloudevent_attribute_missing", "source, type") == (caught.value.code, caught.value.detail)


def test_what_is_written_is_read_again() -> None:
    event = CloudEvent(
        id="1", source="/s", type="t", subject='Euro € 😀 "%" x', partitionkey="k", dataschema="https://example.com/s",
        time=datetime(2018, 4, 5, tzinfo=UTC), datacontenttype="application/json", data=b"{}",
    )  # fmt: skip
    headers, body = http.encode_binary(event)

    assert all(value.isascii() and " " not in value for name, value in headers.items() if name.startswith("ce-"))
    assert event == http.decode_binary(headers.items(), body, content_type=headers["content-type"])
