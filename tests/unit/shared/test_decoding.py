"""What becomes of a record: an event, nothing for us, a reason why not, or a stop."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Stopped, Undecodable
from shared.events.intake import ComplaintReceived, SurveyAnswered
from shared.events.registry import encode, is_newer_version, type_of
from shared.log.headers import ONLY_FOR, TYPE, event_headers
from shared.pipeline.decoding import LogReading, without_values
from shared.pipeline.records import Headers, RawRecord
from tests.builders import common
from tests.builders.life import Life

RECEIVED = type_of(ComplaintReceived)
EVENT = Life().received()
READING = LogReading(consumer="routing", reads=frozenset([RECEIVED]))


def raw(
    value: bytes | None = None, *, type_: str = RECEIVED, key: str | None = None, headers: Headers | None = None
) -> RawRecord:
    """The usual record, but for what is given."""
    usual = tuple(event_headers(type_=type_, id_=EVENT.id, source=b"/kesu/intake", key=EVENT.complaint_id))
    bytes_ = (EVENT.complaint_id if key is None else key).encode()
    return RawRecord(
        "kesu.complaints",
        1,
        7,
        99,
        bytes_,
        encode(EVENT) if value is None else value,
        usual if headers is None else headers,
    )


def reason(record: RawRecord) -> tuple[str, str]:
    """Code and detail of what is wrong with it."""
    with pytest.raises(Undecodable) as found:
        READING.read(record)
    return found.value.code, found.value.detail


def test_an_event_is_read_with_its_place() -> None:
    """And with the bytes it was read from."""
    record = READING.read(raw())
    assert record is not None
    assert record.event == EVENT
    assert (record.topic, record.partition, record.offset, record.timestamp_ms) == ("kesu.complaints", 1, 7, 99)
    assert record.value == encode(EVENT)


def test_its_type_is_found_wherever_the_header_stands() -> None:
    """Other producers order their headers as they like."""
    headers = (("content-type", b"application/json"), (TYPE, RECEIVED.encode()))
    assert READING.read(raw(headers=headers)) is not None


@pytest.mark.parametrize("type_", [type_of(SurveyAnswered), "kesu.weather.changed.v1", "anything"])
def test_what_it_does_not_read_is_passed_over_unread(type_: str) -> None:
    """Whatever the bytes are."""
    assert READING.read(raw(b"\xff not read", type_=type_)) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"\xff\xfe", "not_this_event"),
        (b"", "no_value"),
        (b"null", "not_this_event"),
        (b"[" * 200_000, "not_this_event"),
        (b'{"type":"' + RECEIVED.encode() + b'","key_facts":' + b"[" * 200_000, "not_this_event"),
        (b'{"type":"' + RECEIVED.encode() + b'","id":"' + b"x" * 1_048_576 + b'"}', "not_this_event"),
        (b"x" * 2_000_001, "value_too_large"),
        (encode(EVENT)[:-9], "not_this_event"),
        (encode(EVENT).replace(b'"channel":"hotline"', b'"channel":"pigeon"'), "not_this_event"),
        (encode(EVENT).replace(b'"channel":"hotline"', b'"channel":7'), "not_this_event"),
        (encode(EVENT).replace(b"hotline", b"\xff"), "not_this_event"),
        (encode(Life().fact(SurveyAnswered, score=3)), "type_contradicts_header"),
    ],
)
def test_bytes_that_are_no_such_event_have_a_reason(value: bytes, code: str) -> None:
    """Never another exception, and never a long one."""
    found, detail = reason(raw(value))
    assert found == code
    assert len(detail) < 200


def test_a_megabyte_of_text_is_no_reason() -> None:
    """Large but right: it is an event."""
    large = Life().received(source="x" * 1_048_576)
    assert READING.read(raw(encode(large))) is not None


def test_a_key_of_another_complaint_contradicts() -> None:
    """It stands in a partition where its complaint's facts are not."""
    assert reason(raw(key=common.OTHER_ID))[0] == "key_contradicts_event"
    assert READING.read(raw(key="")) is not None, "without a key nothing contradicts"


def test_without_a_type_nothing_is_known() -> None:
    """No header, or one that is no text."""
    assert reason(raw(headers=()))[0] == "no_event_type"
    assert reason(raw(headers=(("a", b"b"), (TYPE, b"\xff"))))[0] == "no_event_type"


def test_a_newer_version_stops_and_says_so_twice() -> None:
    """Also of a type this consumer does not read: a rolling upgrade is under way."""
    with pytest.raises(Stopped, match="newer_event_version") as found:
        READING.read(raw(type_=RECEIVED.replace(".v1", ".v2")))
    assert "kesu.complaints[1]@7" in found.value.zh
    assert "kesu.complaints[1]@7" in found.value.en
    with pytest.raises(Stopped):
        READING.read(raw(type_="kesu.survey.answered.v12"))


@pytest.mark.parametrize("version", ["v0", "v1", "v²", "v٣", "v-2", "v", "v2.v0", "v" + "9" * 5_000, "2", "V2"])
def test_what_is_no_newer_version_does_not_stop(version: str) -> None:
    """Nor break anything: whoever can write to the log could stop every service with it."""
    assert not is_newer_version(f"kesu.complaint.received.{version}")


def test_a_redriven_record_is_for_one_consumer_alone() -> None:
    """Others pass over it before they look at anything else of it."""
    mine, other = ((ONLY_FOR, b"routing"),), ((ONLY_FOR, b"reporting"),)
    usual = raw().headers
    assert READING.read(raw(headers=(*usual, *mine))) is not None
    assert READING.read(raw(headers=(*usual, *other))) is None
    assert READING.read(raw(headers=other)) is None, "even without a type"
    assert (
        READING.read(raw(type_=RECEIVED.replace(".v1", ".v2"), headers=((TYPE, b"kesu.complaint.received.v2"), *other)))
        is None
    )


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    """Any struct."""

    number: int = 0
    names: dict[str, int] = {}


@pytest.mark.parametrize(
    "value",
    [
        b'{"secret 138 - at `$.secret`":1}',
        b'{"number":"secret"}',
        b'{"names":{"secret":"secret"}}',
        b'{"number":1, secret}',
        b'"secret"',
    ],
)
def test_a_reason_quotes_nothing(value: bytes) -> None:
    """Names of unknown fields and keys are the sender's words too."""
    with pytest.raises(msgspec.DecodeError) as found:
        msgspec.json.decode(value, type=Inner)
    assert "secret" not in without_values(str(found.value))


@given(st.text(alphabet="'\"` -at$.[]secr\\\n138", max_size=40).map(lambda text: f"ZQ{text}ZQ"))
def test_no_value_gets_into_a_reason(secret: str) -> None:
    """Whatever quotes and paths it imitates."""
    value = encode(EVENT).replace(b'"channel":"hotline"', b'"channel":' + msgspec.json.encode(secret))
    _, detail = reason(raw(value))
    assert "ZQ" not in detail
    assert detail.endswith("`$.channel`")
