"""The JSON event format, with the specification's own examples."""

from datetime import UTC, datetime

import msgspec
import pytest

from shared.cloudevents import structured
from shared.cloudevents.event import CloudEvent, InvalidCloudEvent

SAMPLES = {
    # JSON Event Format 1.0.2, section 3.2, and the Protobuf of the binary one is what base64 stands for there.
    "binary": b"""{
        "specversion" : "1.0", "type" : "com.example.someevent", "source" : "/mycontext", "id" : "A234-1234-1234",
        "time" : "2018-04-05T17:31:00Z", "comexampleextension1" : "value", "comexampleothervalue" : 5,
        "datacontenttype" : "application/vnd.apache.thrift.binary", "data_base64" : "AQIDBA=="
    }""",
    "object": b"""{
        "specversion" : "1.0", "type" : "com.example.someevent", "source" : "/mycontext", "id" : "C234-1234-1234",
        "time" : "2018-04-05T17:31:00Z", "comexampleextension1" : "value", "comexampleothervalue" : 5,
        "datacontenttype" : "application/json",
        "data" : { "appinfoA" : "abc", "appinfoB" : 123, "appinfoC" : true }
    }""",
    "xml": b"""{
        "specversion" : "1.0", "type" : "com.example.someevent", "source" : "/mycontext", "subject": null,
        "id" : "B234-1234-1234", "time" : "2018-04-05T17:31:00Z", "comexampleextension1" : "value",
        "unsetextension": null, "datacontenttype" : "application/xml", "data" : "<much wow=\\"xml\\"/>"
    }""",
    "string": b"""{
        "specversion" : "1.0", "type" : "com.example.someevent", "source" : "/mycontext", "id" : "D234-1234-1234",
        "datacontenttype" : "application/json", "data" : "I'm just a string"
    }""",
}


def test_binary_data_comes_from_base64() -> None:
    event = structured.decode(SAMPLES["binary"])

    assert ("A234-1234-1234", "/mycontext", "com.example.someevent") == (event.id, event.source, event.type)
    assert datetime(2018, 4, 5, 17, 31, tzinfo=UTC) == event.time
    assert b"\x01\x02\x03\x04" == event.data


def test_json_data_stays_the_bytes_it_was() -> None:
    event = structured.decode(SAMPLES["object"])

    assert b'{ "appinfoA" : "abc", "appinfoB" : 123, "appinfoC" : true }' == event.data


def test_other_text_is_the_content_of_the_json_string() -> None:
    event = structured.decode(SAMPLES["xml"])

    assert ("", b'<much wow="xml"/>') == (event.subject, event.data)


def test_a_json_string_is_json_data() -> None:
    assert b'"I\'m just a string"' == structured.decode(SAMPLES["string"]).data


def test_a_batch_may_be_empty_and_one_bad_event_does_not_spoil_the_others() -> None:
    assert [] == structured.split_batch(b"[]")

    documents = structured.split_batch(b"[" + SAMPLES["binary"] + b", 17, " + SAMPLES["object"] + b"]")
    assert "A234-1234-1234" == structured.decode(documents[0]).id
    with pytest.raises(InvalidCloudEvent):
        structured.decode(documents[1])
    assert "C234-1234-1234" == structured.decode(documents[2]).id


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_is_written_is_read_again(name: str) -> None:
    event = structured.decode(SAMPLES[name])

    assert event == structured.decode(structured.encode(event))
    assert [event, event] == [
        structured.decode(one) for one in structured.split_batch(structured.encode_batch([event] * 2))
    ]


def test_an_event_without_data_has_none() -> None:
    event = CloudEvent(id="1", source="/s", type="t")

    assert event == structured.decode(structured.encode(event))
    assert {"specversion", "id", "source", "type"} == msgspec.json.decode(structured.encode(event)).keys()


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("cloudevent_version_unsupported", b'{"specversion":"0.3","id":"1","source":"/s","type":"t"}'),
        ("cloudevent_version_unsupported", b'{"id":"1","source":"/s","type":"t"}'),
        ("cloudevent_attribute_missing", b'{"specversion":"1.0","source":"/s","type":"t"}'),
        ("cloudevent_attribute_invalid", b'{"specversion":"1.0","id":"","source":"/s","type":"t"}'),
        ("cloudevent_attribute_invalid", b'{"specversion":"1.0","id":1,"source":"/s","type":"t"}'),
        ("cloudevent_time_invalid", b'{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"yesterday"}'),
        (
            "cloudevent_time_invalid",
            b'{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2018-04-05T17:31:00"}',
        ),
        (
            "cloudevent_data_twice",
            b'{"specversion":"1.0","id":"1","source":"/s","type":"t","data":1,"data_base64":"AA=="}',
        ),
        ("cloudevent_base64_invalid", b'{"specversion":"1.0","id":"1","source":"/s","type":"t","data_base64":"a b"}'),
        ("json_malformed", b"{"),
        ("json_malformed", b'{"specversion":"1.0","id":"\xff","source":"/s","type":"t"}'),
        ("json_malformed", b'{"x":' + b"[" * 100_000),
    ],
)
def test_what_is_wrong_is_named(code: str, body: bytes) -> None:
    with pytest.raises(InvalidCloudEvent) as caught:
        structured.decode(body)

    assert code == caught.value.code


def test_a_batch_is_an_array() -> None:
    with pytest.raises(InvalidCloudEvent):
        structured.split_batch(b"{}")
