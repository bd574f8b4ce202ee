"""From a pack handed in to a pack in force: checked, kept, activated or refused; each by facts of `kesu.control`."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypedDict

from structlog import get_logger

from services.routing import pack_store
from services.routing.examining.examine import examine
from services.routing.examining.findings import Finding, Report, error, not_loaded
from services.routing.policy.body import unpacked
from services.routing.policy.errors import PackError
from services.routing.store import SCHEMA
from shared.clock import Clock
from shared.database import Connection
from shared.events.envelope import Actor
from shared.events.intake import PackSubmitted
from shared.events.registry import type_of
from shared.events.routing import PackActivated, PackFinding, PackRefused
from shared.ids import event_id
from shared.pipeline.records import Outgoing, Record
from shared.saved import save_events, stored

log = get_logger(__name__)
FINDINGS_MAX: Final = 50
TEXT_CHARACTERS_MAX: Final = 500
ACTIVATED: Final = type_of(PackActivated)
REFUSED: Final = type_of(PackRefused)
_BY: Final = Actor(role="system", id="routing")


class _Envelope(TypedDict):
    id: str
    tenant: str
    actor: Actor
    occurred_at: datetime
    accepted_at: datetime
    decided_at: datetime
    causation_id: str
    correlation_id: str
    name: str
    content_hash: str


class Activation:
    """Takes the facts of `kesu.control` that are about packs, in their order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def take(self, conn: Connection, records: Sequence[Record]) -> list[Outgoing]:
        """Check what is handed in and say what came of it; put in force what was activated."""
        answers: list[Outgoing] = []
        for record in records:
            match record.event:
                case PackSubmitted() as submitted:
                    answers += await self._answer(conn, submitted)
                case PackActivated() as activated:
                    await pack_store.activate(
                        conn, event_id=activated.id, tenant=activated.tenant, content_hash=activated.content_hash,
                        control_offset=record.offset,
                    )  # fmt: skip
                case _:
                    pass
        return answers

    async def _answer(self, conn: Connection, submitted: PackSubmitted) -> Sequence[Outgoing]:
        """The answer that stands, else a new one; a pack that is to be in force is kept in the same transaction."""
        ids = [event_id(cause=submitted.id, type_=type_) for type_ in (ACTIVATED, REFUSED)]
        answers: Sequence[Outgoing] = await stored(conn, SCHEMA, ids)
        if not answers:
            report = await asyncio.to_thread(_examined, submitted)
            answers = await save_events(conn, SCHEMA, [self._fact(submitted, report)])
        if answers[0].type == ACTIVATED:
            await pack_store.keep_pack(
                conn, content_hash=submitted.content_hash, name=submitted.name, body=submitted.body
            )
        return answers

    def _fact(self, submitted: PackSubmitted, report: Report) -> PackActivated | PackRefused:
        wrong = [one for one in report.findings if one.gravity == "error"]
        envelope = _Envelope(
            id=event_id(cause=submitted.id, type_=REFUSED if wrong else ACTIVATED), tenant=submitted.tenant, actor=_BY,
            occurred_at=submitted.accepted_at, accepted_at=submitted.accepted_at, decided_at=self._clock.now(),
            causation_id=submitted.id, correlation_id=submitted.correlation_id, name=submitted.name,
            content_hash=submitted.content_hash,
        )  # fmt: skip
        return PackRefused(**envelope, findings=_told(wrong)) if wrong else PackActivated(**envelope)


def _examined(submitted: PackSubmitted) -> Report:
    try:
        source = unpacked(submitted.body)
    except PackError as problem:
        return Report(name=submitted.name, content_hash=submitted.content_hash, findings=tuple(not_loaded([problem])))
    if source.content_hash != submitted.content_hash:
        differs = error(
            "hash_differs", table="pack", row="-", zh="内容与其哈希不符", en="its content is not what its hash names"
        )
        return Report(name=submitted.name, content_hash=submitted.content_hash, findings=(differs,))
    try:
        return examine(source)
    except Exception:
        log.exception("the check of a pack failed", pack=submitted.content_hash)
        failed = error("check_failed", table="pack", row="-", zh="检查时出错，未启用", en="the check failed on it")
        return Report(name=submitted.name, content_hash=submitted.content_hash, findings=(failed,))


def _told(wrong: Sequence[Finding]) -> tuple[PackFinding, ...]:
    """As many findings, and as much of each, as an event should carry."""
    most = TEXT_CHARACTERS_MAX
    return tuple(
        PackFinding(code=one.code, table=one.table[:most], row=one.row[:most], zh=one.zh[:most], en=one.en[:most])
        for one in wrong[:FINDINGS_MAX]
    )
