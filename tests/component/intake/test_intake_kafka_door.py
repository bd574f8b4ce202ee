"""The Kafka door: what is read becomes a fact, what cannot be is named, and the rest of its batch goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.intake.acceptance import Acceptance
from services.intake.handlers import Inbound, SubmissionsHandler, SubmissionsReading
from services.intake.rules.drafting import Drafting
from shared.cloudevents import kafka
from shared.cloudevents.event import CloudEvent
from shared.errors import Impossible, Undecodable
from shared.events.registry import decode
from shared.events.submissions import Submission
from shared.pipeline.records import RawRecord, Record
from tests.builders import submissions as s
from tests.builders.common import T0
from tests.component.intake.desk import Desk, FixedClock, on_the_log, types
from tests.unit.intake.parts import TYPE_OF


def raw(submission: Submission, *, mode: str = "binary", offset: int = 0, at: datetime = T0, **given: Any) -> RawRecord:
    fields: dict[str, Any] = {"id": "1", "source": "/crm", "type": TYPE_OF[type(submission)]}
    event = CloudEvent(**(fields | {"data": msgspec.json.encode(submission)} | given))
    headers, value = kafka.encode_structured(event) if mode == "structured" else kafka.encode_binary(event)
    return RawRecord("kesu.submissions", 0, offset, int(at.timestamp() * 1_000), None, value, tuple(headers))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(T0 + timedelta(minutes=1))


@pytest.fixture
def reading(drafting: Drafting, clock: FixedClock) -> SubmissionsReading:
    return SubmissionsReading(drafting=drafting, clock=clock)


@pytest.fixture
def handler(acceptance: Acceptance, clock: FixedClock) -> SubmissionsHandler:
    return SubmissionsHandler(acceptance=acceptance, clock=clock)


@pytest.mark.parametrize("mode", ["binary", "structured"])
async def test_a_record_becomes_a_complaint(
    desk: Desk, reading: SubmissionsReading, handler: SubmissionsHandler, mode: str
) -> None:
    inbound = reading.read(raw(s.complaint(), mode=mode))
    async with desk.pool.acquire() as conn, conn.transaction():
        outgoing = await handler.handle(conn, [inbound])

    key, received = outgoing
    assert "kesu.customer-key.v1" == key.type
    event = decode(received.value)
    assert T0 == event.accepted_at
    assert ["ComplaintReceived"] == types(await desk.events())


def test_the_producers_clock_cannot_be_ahead_of_ours(reading: SubmissionsReading, clock: FixedClock) -> None:
    ahead = reading.read(raw(s.complaint(), at=clock.at + timedelta(days=3)))
    absent = reading.read(raw(s.complaint(), at=datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)))

    assert [clock.at, clock.at] == [_accepted_at(ahead), _accepted_at(absent)]


def test_nor_behind_what_was_read_before(drafting: Drafting, clock: FixedClock) -> None:
    """A record that was not there when the topic was read to its end was accepted later, whatever it says."""
    read_through = T0 + timedelta(seconds=30)
    reading = SubmissionsReading(drafting=drafting, clock=clock, not_before={0: read_through}.get)
    behind = reading.read(raw(s.complaint(), at=T0))
    right = reading.read(raw(s.complaint(), at=T0 + timedelta(seconds=40)))

    assert [read_through, T0 + timedelta(seconds=40)] == [_accepted_at(behind), _accepted_at(right)]


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("submission_type_unknown", {"type": "kesu.submission.complaint.v2"}),
        ("submission_type_unknown", {"type": "com.example.other"}),
        ("json_malformed", {"data": b"\x00\x01"}),
        ("body_missing", {"data": None}),
        ("data_not_json", {"datacontenttype": "application/avro"}),
        ("submission_invalid", {"data": b'{"source":"crm"}'}),
        ("body_too_large", {"data": b'{"text":"' + b"x" * 1_048_576 + b'"}'}),
        ("nested_too_deep", {"data": b"[" * 100_000}),
    ],
)
def test_what_cannot_be_read_is_named(reading: SubmissionsReading, code: str, given: dict[str, Any]) -> None:
    with pytest.raises(Undecodable) as caught:
        reading.read(raw(s.complaint(), **given))

    assert code == caught.value.code


@pytest.mark.parametrize(
    ("written", "instead", "path"),
    [
        ('"channel":"hotline"', '"channel":"王芳 13800138000"', "$.channel"),
        ('"channel":"hotline"', '"channel":"it\'s \'王芳\'"', "$.channel"),
        ('"channel":"hotline"', '"channel":"hotline","王芳":1', ""),
        ('"tier":"gold"', '"王芳":"13800138000"', "$.customer"),
    ],
)
def test_what_is_named_quotes_nothing_personal(
    reading: SubmissionsReading, written: str, instead: str, path: str
) -> None:
    """Neither a value nor the name of a field that is not ours."""
    data = msgspec.json.encode(s.complaint()).replace(written.encode(), instead.encode())
    with pytest.raises(Undecodable) as caught:
        reading.read(raw(s.complaint(), data=data))

    assert caught.value.detail.endswith(path)
    assert "submission_invalid" == caught.value.code
    assert "王芳" not in str(caught.value)


async def test_only_the_impossible_record_of_a_batch_is_named(
    desk: Desk, reading: SubmissionsReading, handler: SubmissionsHandler
) -> None:
    await desk.submit(s.complaint())
    batch = [
        reading.read(raw(one, offset=n))
        for n, one in enumerate([s.complaint(source_id="n2"), s.contact(source_id="n1")])
    ]

    with pytest.raises(Impossible) as caught:
        async with desk.pool.acquire() as conn, conn.transaction():
            await handler.handle(conn, batch)
    assert (batch[1], "source_id_taken") == (caught.value.record, caught.value.code)
    assert 1 == len(await desk.events())

    async with desk.pool.acquire() as conn, conn.transaction():
        await handler.handle(conn, batch[:1])
    assert 2 == len(await desk.events())


async def test_adopted_events_are_known_and_answered_as_duplicates(
    desk: Desk, reading: SubmissionsReading, handler: SubmissionsHandler
) -> None:
    """A restored database takes its own events from the log: nothing is decided twice."""
    sent = [s.complaint(), s.contact()]
    first = await desk.submit(*sent)
    async with desk.pool.acquire() as conn:
        await conn.execute("TRUNCATE intake.events, intake.submissions")
    own = [Record("kesu.complaints", 0, n, 0, decode(o.value), o.value) for n, o in enumerate(first.outgoing)]
    for _ in range(2):
        async with desk.pool.acquire() as conn, conn.transaction():
            await handler.adopt(conn, own)

    again = await desk.submit(*sent)
    assert ["duplicate", "duplicate"] == [answer.status for answer in again.answers]
    assert on_the_log(first.outgoing) == on_the_log(again.outgoing)


def _accepted_at(inbound: Inbound) -> datetime:
    event = inbound.draft.event
    return event.accepted_at
