"""Bringing a pack into force: handed in through intake like any submission, answered by routing on kesu.control."""

import asyncio
from typing import Final

from services.routing.policy.body import travelling
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack
from shared.clock import Clock
from shared.errors import NotNow, Stopped
from shared.events.intake import PackSubmitted
from shared.events.registry import decode, type_of
from shared.events.routing import PackActivated, PackRefused
from shared.events.submissions import PackSubmission
from shared.ids import event_id
from shared.log.access import Brokers
from shared.log.ends import log_end, partitions_of, reading, stretch
from shared.log.headers import TYPE, header
from shared.log.producer import LogProducer
from shared.log.submissions import submission_id, submitted
from shared.pipeline.records import RawRecord
from shared.saved import CONTROL

SOURCE: Final = "kesu policy activate"
LOOK_EVERY_S: Final = 0.1
_TYPE: Final = "kesu.submission.pack.v1"
_ANSWERS: Final = frozenset({type_of(PackActivated), type_of(PackRefused)})


def submission_of(pack: Pack, *, tenant: str, actor: str, clock: Clock) -> PackSubmission:
    """What is handed in; the same pack may come into force again at another time. Raises Stopped where it is too large."""
    try:
        body = travelling(pack.source)
    except PackError as error:
        raise Stopped("pack_too_large", zh=error.texts["zh"], en=error.texts["en"]) from error
    at = clock.now()
    return PackSubmission(
        tenant=tenant, source=SOURCE, source_id=f"{pack.content_hash}@{at.isoformat()}", occurred_at=at, actor=actor,
        role="policy_owner", name=pack.name, content_hash=pack.content_hash, body=body,
    )  # fmt: skip


async def activate(
    submission: PackSubmission, brokers: Brokers, *, clock: Clock, timeout_s: float
) -> PackActivated | PackRefused:
    """Hand the pack in and return routing's answer; raises NotNow where none comes in time."""
    handed_in = event_id(cause=submission_id(submission), type_=type_of(PackSubmitted))
    (tp,) = await partitions_of(brokers, [CONTROL])
    async with reading(brokers, [tp]) as consumer:
        first = await log_end(consumer, tp)
        await _hand_in(submission, brokers, clock)
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    end = await log_end(consumer, tp)
                    async for raws in stretch(consumer, tp, first=first, end=end):
                        if answers := [fact for raw in raws if (fact := _answer(raw, handed_in))]:
                            return answers[0]
                    first = max(first, end)
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            waited = f"no answer from routing within {timeout_s:g} s; the pack is handed in and will be answered"
            raise NotNow(waited) from None


def _answer(raw: RawRecord, handed_in: str) -> PackActivated | PackRefused | None:
    """Routing's answer to the fact `handed_in`, where the record is that."""
    if header(raw.headers, TYPE) not in _ANSWERS:
        return None
    fact = decode(raw.value or b"")
    return fact if isinstance(fact, PackActivated | PackRefused) and fact.causation_id == handed_in else None


async def _hand_in(submission: PackSubmission, brokers: Brokers, clock: Clock) -> None:
    # Not idempotent: the embedded broker knows no such producers, and what is sent twice counts once.
    producer = LogProducer(brokers=brokers, source="/kesu/policy", clock=clock, idempotent=False)
    await producer.start()
    try:
        await producer.publish([submitted(_TYPE, submission, at=clock.now())])
    finally:
        await producer.stop()
