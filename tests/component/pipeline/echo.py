"""A service as small as can be: it answers every complaint received with a plan, and breaks each promise by a timer.

`python -m tests.component.pipeline.echo NAME` runs it as a process. `ECHO_ORDER` lets it take the pipeline's steps in a
wrong order: what the tests of crash points check must fail then.
"""

import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiokafka import TopicPartition

from shared import saved
from shared.clock import SystemClock
from shared.database import Connection, Pool
from shared.errors import Impossible
from shared.events import followup, intake
from shared.events.envelope import Actor
from shared.events.registry import type_of
from shared.ids import derive, event_id
from shared.pipeline.batch import Batch, BatchPipeline
from shared.pipeline.crash import CrashPoints
from shared.pipeline.records import Outgoing, Record
from shared.runtime import rounds
from shared.runtime import service as runtime
from shared.runtime.health import create_http
from shared.runtime.service import Service
from shared.settings import ServiceSettings
from shared.vault import Vault

RECEIVED: Final = type_of(intake.ComplaintReceived)
PLANNED: Final = type_of(followup.FollowupPlanned)
BROKEN: Final = type_of(followup.PromiseBroken)
SCHEMA: Final = """
CREATE SCHEMA {name};
CREATE TABLE {name}.positions (cluster text NOT NULL, topic text NOT NULL, partition int NOT NULL,
    next_offset bigint NOT NULL, moved_at timestamptz NOT NULL, epoch bigint NOT NULL DEFAULT 0, PRIMARY KEY (cluster, topic, partition));
CREATE TABLE {name}.events (number bigint GENERATED ALWAYS AS IDENTITY, event_id uuid PRIMARY KEY, complaint_id uuid,
    type text NOT NULL, topic text NOT NULL, body bytea NOT NULL, pending boolean NOT NULL DEFAULT false);
"""
CLOCK: Final = SystemClock()


class EchoHandler:
    """Plans carry the time of the decision: decided twice, they would differ."""

    reads = frozenset([RECEIVED])
    owns = frozenset([PLANNED, BROKEN])
    moves_with_save = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.handled: list[str] = []
        self.adopted: list[str] = []
        self.impossible: frozenset[str] = frozenset()
        self.failure: Exception | None = None
        self.before_adopting: Callable[[], Awaitable[None]] | None = None

    async def handle(self, conn: Connection, records: Sequence[Record]) -> Sequence[Outgoing]:
        """One plan per complaint received."""
        if self.failure:
            raise self.failure
        for record in records:
            if record.event.id in self.impossible:
                raise Impossible(record, "not_for_us", "said the test")
        stored = await saved.save_events(conn, self.name, [self.plan(record.event) for record in records])
        self.handled += [record.event.id for record in records]
        return stored

    async def adopt(self, conn: Connection, records: Sequence[Record]) -> None:
        """Own plans, of this service and no other."""
        if self.before_adopting:
            await self.before_adopting()
        own = [
            r.event for r in records if isinstance(r.event, followup.FollowupPlanned) and r.event.strategy == self.name
        ]
        self.adopted += [event.id for event in own]
        await saved.save_events(conn, self.name, own)

    def plan(self, event: object) -> followup.FollowupPlanned:
        """What follows from `event`."""
        assert isinstance(event, intake.ComplaintReceived)
        return followup.FollowupPlanned(
            id=event_id(cause=event.id, type_=PLANNED, discriminator=self.name), actor=Actor("system"),
            occurred_at=event.accepted_at, accepted_at=event.accepted_at, decided_at=CLOCK.now(), causation_id=event.id,
            correlation_id=event.id, complaint_id=event.complaint_id, customer_id=event.customer_id, lang=event.lang,
            strategy=self.name, promises=(),
        )  # fmt: skip


class EchoTimers:
    """Breaks a promise for every plan that is stored, as timers do: saved as pending first, then published."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def tick(self) -> bool:
        """One round."""
        name = self._service.name
        due = f"SELECT complaint_id::text FROM {name}.events GROUP BY 1 HAVING count(*) = 1"
        async with self._service.pool.acquire() as conn:
            if not await conn.fetchval(f"SELECT EXISTS ({due})"):
                return False
        async with self._service.round_of_timers(), self._service.pool.acquire() as conn, conn.transaction():
            rows = await conn.fetch(due)
            await saved.save_events(conn, name, [_broken(name, row[0]) for row in rows], pending=True)
        return True


def _broken(name: str, complaint_id: str) -> followup.PromiseBroken:
    now, promise = CLOCK.now(), derive("promise", name, complaint_id)
    return followup.PromiseBroken(
        id=event_id(cause=promise, type_=BROKEN), actor=Actor("system"), occurred_at=now, accepted_at=now, decided_at=now,
        causation_id=promise, correlation_id=promise, complaint_id=complaint_id, customer_id=derive("customer", complaint_id),
        promise_id=promise, kind="progress", due_at=now,
    )  # fmt: skip


class MovesFirst(BatchPipeline):
    """Wrong: the position moves before what was decided is on the log."""

    async def _save_publish_move(self, batch: Batch, to: dict[TopicPartition, int]) -> None:
        decided = await self._handle(batch, to)
        await self.move(to)
        self._crash.reached("saved")
        await self._producer.publish([*batch.letters, *decided])


class PublishesFirst(BatchPipeline):
    """Wrong: what was decided is on the log before it is saved."""

    async def _save_publish_move(self, batch: Batch, to: dict[TopicPartition, int]) -> None:
        handler = self._handler
        assert isinstance(handler, EchoHandler)
        await self._producer.publish([saved.outgoing(handler.plan(record.event)) for record in batch.records])
        self._crash.reached("published")
        await super()._save_publish_move(batch, to)


async def marks_first(pool: Pool, schema: str, publish: saved.Publish, crash: CrashPoints) -> int:
    """Wrong: pending events are marked before they are on the log."""
    kept: list[Outgoing] = []

    async def later(events: Sequence[Outgoing]) -> None:
        kept.extend(events)

    count = await saved.publish_pending(pool, schema, later, crash)
    await publish(kept)
    return count


def create(
    name: str, settings: ServiceSettings, *, timers: bool = False, handler: EchoHandler | None = None
) -> Service:
    """The service `name` on the log of complaints."""
    service = Service(
        name=name, settings=settings, clock=CLOCK, vault=Vault(bytes(range(32))), topics=[saved.COMPLAINTS],
        handler=handler or EchoHandler(name),
    )  # fmt: skip
    service.http = create_http(service, title=name, route_handlers=[])
    if timers:
        service.every_tick(EchoTimers(service).tick)
    return service


def misorder(order: str) -> None:
    """Make this process take the pipeline's steps in a wrong order; "" leaves the right one."""
    wrong = {"moves_first": MovesFirst, "publishes_first": PublishesFirst}
    if order in wrong:
        setattr(runtime, "BatchPipeline", wrong[order])  # noqa: B010 - it is no name that module offers
    if order == "marks_first":
        setattr(rounds, "publish_pending", marks_first)  # noqa: B010


if __name__ == "__main__":
    misorder(os.environ.get("ECHO_ORDER", ""))
    sys.exit(runtime.run(create(sys.argv[1], ServiceSettings(), timers=bool(os.environ.get("ECHO_TIMERS")))))
