"""Submits planted people by every door: complaints, notes, notes that wait, and what no service can use."""

from typing import Final

import httpx
import msgspec

from deploy.stack import Stack
from kesu.demo.session import Session
from shared.events.submissions import ContactSubmission, Reference
from shared.log.headers import TYPE
from shared.log.producer import LogProducer
from shared.log.submissions import SUBMISSIONS_TOPIC, submitted
from shared.pipeline.records import Outgoing
from tests.builders import submissions
from tests.e2e.doors import post, read_by
from tests.e2e.planted import EN, NOTES, ZH

COMPLAINT: Final = "kesu.submission.complaint.v1"
CONTACT: Final = "kesu.submission.contact.v1"
NEVER_SENT: Final = "never-sent"


async def by_http(http: httpx.AsyncClient, stack: Stack) -> bytes:
    """Two complaints, a note, a note that waits, and what is refused; returns the refusal."""
    for person, id_ in ((ZH, "http-zh"), (EN, "http-en")):
        assert 202 == (await post(http, stack, "/v1/complaints", person.complaint(id_), key=id_)).status_code
    for fact in (_note("note-1", NOTES[0], about="http-zh"), _note("note-2", NOTES[0], about=NEVER_SENT)):
        assert 202 == (await post(http, stack, "/v1/facts/contact", fact, key=fact.source_id)).status_code
    wrong = msgspec.to_builtins(ZH.complaint("http-wrong")) | {"channel": ZH.customer.name}
    refused = await post(http, stack, "/v1/complaints", wrong, key="wrong")
    assert 422 == refused.status_code
    return refused.content


async def by_kafka(http: httpx.AsyncClient, session: Session) -> None:
    """The same by the topic, and what no service can use; returns when intake has read it."""
    stack, clock = session.stack, session.clock
    producer = LogProducer(brokers=stack.brokers, source="/planted", clock=clock, idempotent=False)
    await producer.start()
    try:
        now = clock.now()
        complaints = [
            submitted(COMPLAINT, who.complaint(id_), at=now) for who, id_ in ((ZH, "kafka-zh"), (EN, "kafka-en"))
        ]
        notes = (_note("note-3", NOTES[1], about="kafka-en"), _note("note-4", NOTES[1], about=NEVER_SENT))
        await producer.publish([*complaints, *(submitted(CONTACT, note, at=now) for note in notes), *_useless()])
        await read_by(http, stack, "intake", producer.ends)
    finally:
        await producer.stop()


def _note(source_id: str, note: str, *, about: str) -> ContactSubmission:
    reference = Reference(source="crm", source_id=about)
    return submissions.contact(about=reference, source_id=source_id, note=note, callback_id=None)


def _useless() -> list[Outgoing]:
    """Records that end as dead letters: planted words in the value, in a field's name, in each header."""
    complaint = msgspec.to_builtins(ZH.complaint("useless"))
    values = [
        f"{ZH.words} {EN.words}, no JSON".encode(),
        ZH.words.encode("gbk") + EN.words.encode(),
        msgspec.json.encode(complaint | {ZH.customer.name: EN.customer.name}),
        msgspec.json.encode(complaint | {"customer": {EN.words: ZH.number}}),
        msgspec.json.encode(complaint | {"channel": f"it's '{EN.words}'"}),
        msgspec.json.encode(complaint | {"time_zone": ZH.customer.address}),
    ]
    made = [_record(f"value-{number}", COMPLAINT, value) for number, value in enumerate(values)]
    whole = msgspec.json.encode(complaint)
    made.append(_record("type", f"kesu.submission.{EN.words}.v1", whole))
    more = (f"ce_{ZH.number}", ZH.words.encode())
    names = ("ce_time", "ce_specversion", "content-type", "traceparent")
    return made + [_record(name, COMPLAINT, b"{", (name, EN.words.encode()), more) for name in names]


def _record(id_: str, type_: str, value: bytes, *more: tuple[str, bytes]) -> Outgoing:
    usual = {"ce_specversion": b"1.0", "ce_id": id_.encode(), "ce_source": b"crm", "content-type": b"application/json"}
    headers = ((TYPE, type_.encode()), *(usual | dict(more)).items())
    return Outgoing(topic=SUBMISSIONS_TOPIC, key=ZH.number, id=id_, type=type_, value=value, headers=headers)
