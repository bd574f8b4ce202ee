"""A promise kept during an outage is kept: follow-up is well all the time, and what kept it waits outside until later."""

import asyncio
from datetime import datetime, timedelta
from typing import Final, Literal

import httpx
import msgspec
import pytest
from msgspec import Struct

from shared.events.followup import FollowupPlanned, PromiseBroken, PromiseKept, PromiseOpened
from shared.events.submissions import ContactSubmission, Customer, Reference
from shared.ids import complaint_id
from shared.log.submissions import submitted
from tests.builders import submissions
from tests.faults.catalogue import Fault
from tests.faults.facts import Facts, facts_of
from tests.faults.injecting import Injection
from tests.faults.judging import SERVER_RECOVERY_S_MAX
from tests.faults.report import REPORT, Left
from tests.faults.scene import Scene, scene
from tests.faults.stack import ProxiedStack

pytestmark = pytest.mark.long
SCENARIO: Final = "promises kept in outages"
CONTACT: Final = "kesu.submission.contact.v1"
OUTAGE_S: Final = 7.0
PAST_DUE_S: Final = 3.0  # of the outage, while the promise is past its time and follow-up looks


class Outage(Struct, frozen=True):
    """What is away, and by which door the contact comes in meanwhile."""

    fault: Fault
    door: Literal["kafka", "http"] = "kafka"


OUTAGES: Final = (
    Outage(Fault(kind="kill", target="intake", seconds=OUTAGE_S)),
    Outage(Fault(kind="freeze", target="intake", seconds=OUTAGE_S)),
    Outage(Fault(kind="blackhole", target="intake-kafka", seconds=OUTAGE_S)),
    Outage(Fault(kind="cut", target="intake-postgres", seconds=OUTAGE_S)),
    Outage(Fault(kind="gone", target="postgres", seconds=OUTAGE_S)),
    Outage(Fault(kind="cut", target="intake-kafka", seconds=OUTAGE_S), door="http"),
    Outage(Fault(kind="blackhole", target="intake-kafka", seconds=OUTAGE_S), door="http"),
)


async def test_a_promise_kept_during_an_outage_is_kept(container_engine: None) -> None:
    """Given a contact accepted before a promise is due, when intake takes it in only later, then the promise is kept."""
    broken, kept = [], 0
    async with scene() as story:
        for number, outage in enumerate(OUTAGES):
            id_, promise = await _promised(story, number)
            facts = await _kept_in(story, outage, number, id_, promise)
            ended = _endings(facts, id_, promise)
            if ended == ["kesu.promise.kept.v1"]:
                kept += 1
            else:
                broken.append(f"{outage.fault.name} by {outage.door}: {ended}")
        report = (await story.settled()).report
    codes = {one.code: one.count for one in report.findings}
    left = Left(
        scenario=SCENARIO, complaints=report.complaints, lost=0, doubled=0, findings=codes,
        silent_promises=codes.get("silent_promise", 0), false_breaks=len(broken) + codes.get("false_break", 0),
    )  # fmt: skip
    REPORT.left.append(left)
    assert [] == broken
    assert len(OUTAGES) == kept
    assert () == report.findings


async def _promised(story: Scene[ProxiedStack], number: int) -> tuple[str, PromiseOpened]:
    """A complaint, and the first promise on it."""
    said = submissions.complaint(source_id=f"n{number}", occurred_at=None, customer=Customer(account=f"A{number}"))
    at = story.clock.now()
    await story.producer.publish([submitted("kesu.submission.complaint.v1", said, at=at)])
    await story.rest()
    id_ = complaint_id(tenant=said.tenant, source=said.source, source_id=said.source_id)
    planned = [one for one in (await facts_of(story.stack))[id_].values() if one["type"] == "kesu.followup.planned.v1"]
    promises = [one for plan in planned for one in msgspec.convert(plan, FollowupPlanned).promises]
    return id_, min((one for one in promises if one.kind == "first_response"), key=lambda one: one.due_at)


async def _kept_in(story: Scene[ProxiedStack], outage: Outage, number: int, id_: str, promise: PromiseOpened) -> Facts:
    """The outage begins, the contact is submitted in time, the promise's time passes, the outage ends."""
    loop, healed = asyncio.get_running_loop(), [0.0]
    happened = REPORT.begin(SCENARIO, outage.fault)
    injection = Injection(story.stack, drained=lambda _: None)
    under_way = asyncio.create_task(injection.inject(outage.fault, healing=lambda: healed.append(loop.time())))
    try:
        await asyncio.sleep(1)
        at = promise.due_at - timedelta(minutes=5)
        story.clock.jump(at)
        await _contact(story, outage, id_, number, at)
        story.clock.jump(promise.due_at + timedelta(hours=1))
        await under_way
    finally:
        await asyncio.gather(under_way, return_exceptions=True)
    await story.rest()
    happened.recovery_s = loop.time() - healed[-1]
    REPORT.done(happened)
    assert happened.recovery_s < SERVER_RECOVERY_S_MAX
    return await facts_of(story.stack)


async def _contact(story: Scene[ProxiedStack], outage: Outage, id_: str, number: int, at: datetime) -> None:
    said = submissions.contact(
        source_id=f"c{number}", occurred_at=None, about=Reference(complaint_id=id_), callback_id=None, promised=()
    )
    if outage.door == "kafka":
        await story.producer.publish([submitted(CONTACT, said, at=at)])
    else:
        await _by_http(story, said)


async def _by_http(story: Scene[ProxiedStack], said: ContactSubmission) -> None:
    """Accepted and not yet on the log: the door says to come again, which nobody does here."""
    event = {
        "specversion": "1.0", "id": said.source_id, "source": said.source, "type": CONTACT,
        "datacontenttype": "application/json", "data": said,
    }  # fmt: skip
    async with httpx.AsyncClient(timeout=10) as client:
        answer = await client.post(
            f"{story.stack.url('intake')}/v1/events", content=msgspec.json.encode(event),
            headers={"Content-Type": "application/cloudevents+json"},
        )  # fmt: skip
    assert answer.status_code == 503, answer.text


def _endings(facts: Facts, id_: str, promise: PromiseOpened) -> list[str]:
    """How this promise ended, by the log."""
    ended = []
    for event in facts[id_].values():
        match event["type"]:
            case "kesu.promise.kept.v1":
                ended += (
                    [event["type"]] if promise.promise_id in msgspec.convert(event, PromiseKept).promise_ids else []
                )
            case "kesu.promise.broken.v1":
                ended += (
                    [event["type"]] if promise.promise_id == msgspec.convert(event, PromiseBroken).promise_id else []
                )
    return ended
