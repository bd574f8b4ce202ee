"""Follow-up without its process: batches of facts and rounds of timers, each in a transaction of its own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from services.followup.calendar.tables import load_calendars
from services.followup.deciding import Deciding
from services.followup.due_times import DueTimes
from services.followup.handlers import FollowupHandler
from services.followup.store import SCHEMA
from services.followup.timers import Timers
from shared import ids
from shared.database import Pool, open_pool
from shared.events.envelope import ComplaintFact
from shared.events.registry import decode, encode
from shared.events.routing import PromiseTime
from shared.pipeline.records import Outgoing, Record
from shared.saved import publish_pending
from tests.builders import intake, routing
from tests.builders.common import T0

CALENDARS = load_calendars()
LATER = T0 + timedelta(minutes=20)
STANDARD = (PromiseTime("first_response", 60), PromiseTime("resolution", 1440))


class Standing:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = T0

    def now(self) -> datetime:
        return self.at


class Followup:
    """Handler and timers on one database; a new one on the same database is the process after a crash."""

    def __init__(self, pool: Pool, clock: Standing, *, partitions: int = 2, batch_max: int = 200) -> None:
        self.pool, self.clock = pool, clock
        deciding = Deciding(calendars=CALENDARS, due_times=DueTimes())
        self.handler = FollowupHandler(deciding=deciding, clock=clock)
        self.timers = Timers(deciding=deciding, partitions=partitions, batch_max=batch_max)

    @classmethod
    @asynccontextmanager
    async def on(cls, url: str) -> AsyncIterator["Followup"]:
        pool = await open_pool(url, name="test", connections_max=8)
        try:
            yield cls(pool, Standing())
        finally:
            await pool.close()

    def again(self) -> "Followup":
        """The next process: it knows what the database knows."""
        return Followup(self.pool, self.clock)

    async def handle(self, *facts: ComplaintFact, partition: int = 0) -> list[ComplaintFact]:
        """A batch of the log; returns what is to be published."""
        async with self.pool.acquire() as conn, conn.transaction():
            return read(await self.handler.handle(conn, records(facts, partition)))

    async def adopt(self, *facts: ComplaintFact) -> None:
        async with self.pool.acquire() as conn, conn.transaction():
            await self.handler.adopt(conn, records(facts))

    async def run_due(self, at: datetime, *, through: datetime | None = None) -> int:
        """A round of timers at `at`, the log read up to `through` (or to `at`)."""
        self.clock.at = max(self.clock.at, at)
        return await self.timers.run_due(self.pool, at, lambda _: through or at)

    async def publish(self) -> list[ComplaintFact]:
        """Publish what timers saved; returns it."""
        sent: list[Outgoing] = []

        async def publish(batch: Sequence[Outgoing]) -> None:
            sent.extend(batch)

        while await publish_pending(self.pool, SCHEMA, publish):
            pass
        return read(sent)

    async def rows(self, query: str) -> list[Any]:
        async with self.pool.acquire() as conn:
            return list(await conn.fetch(query))


def records(facts: Sequence[ComplaintFact], partition: int = 0) -> list[Record]:
    """`facts` as the pipeline hands them over."""
    return [
        Record("kesu.complaints", partition, n, 0, decode(value := encode(fact)), value) for n, fact in enumerate(facts)
    ]


def read(sent: Sequence[Outgoing]) -> list[ComplaintFact]:
    """The events in what is to be published."""
    events = [decode(one.value) for one in sent]
    assert all(isinstance(event, ComplaintFact) for event in events)
    return events  # type: ignore[return-value]


def complaint(number: int, **given: Any) -> dict[str, Any]:
    """The envelope of facts of another complaint, by another customer unless given."""
    id_ = ids.complaint_id(tenant="default", source="crm", source_id=f"case-{number}")
    return {"complaint_id": id_, "customer_id": ids.derive("customer", str(number))} | given


def routed(number: int = 0, **given: Any) -> ComplaintFact:
    """The first decision about complaint `number`."""
    decision = routing.decision(clocks=(), promises=given.pop("promises", STANDARD))
    id_ = ids.derive("event", "routed", str(number))
    return routing.routed(**({"id": id_, "decision": decision} | complaint(number) | given))


def contact(number: int = 0, at: Any = LATER, **given: Any) -> Any:
    """The `number`th complaint's customer was reached."""
    id_ = ids.derive("event", "contact", str(number), at.isoformat())
    return intake.contact_recorded(id=id_, accepted_at=at, occurred_at=at, promised=(), **(complaint(number) | given))


def delivered(number: int = 0, at: Any = LATER) -> Any:
    """The `number`th complaint's customer accepts."""
    id_ = ids.derive("event", "delivered", str(number))
    return intake.solution_delivered(id=id_, accepted_at=at, occurred_at=at, **complaint(number))


def kinds(events: list[Any]) -> list[str]:
    return [type(event).__name__ for event in events]
