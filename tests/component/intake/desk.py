"""Submits to intake's core as a door does, and looks at what its tables hold."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from services.intake.acceptance import Acceptance
from services.intake.model import Batch
from services.intake.rules.drafting import Drafting
from shared.database import Pool
from shared.events.envelope import Fact
from shared.events.registry import decode
from shared.events.submissions import Submission
from shared.pipeline.records import Outgoing
from tests.builders.common import T0
from tests.unit.intake.parts import arrival


class FixedClock:
    """A clock that a test moves."""

    def __init__(self, at: datetime = T0) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Desk(Struct):
    """Intake's core with its database."""

    pool: Pool
    acceptance: Acceptance
    drafting: Drafting

    async def submit(self, *submissions: Submission, at: datetime = T0, pending: bool = False) -> Batch:
        """One batch in one transaction."""
        drafts = [self.drafting.draft(arrival(one, accepted_at=at)) for one in submissions]
        async with self.pool.acquire() as conn, conn.transaction():
            return await self.acceptance.accept(conn, drafts, now=at, pending=pending)

    async def events(self) -> list[Fact]:
        """All that is stored, in the order it was."""
        async with self.pool.acquire() as conn:
            return [decode(row[0]) for row in await conn.fetch("SELECT body FROM intake.events ORDER BY number")]


def types(events: Sequence[Fact]) -> list[str]:
    """The structs' names."""
    return [type(event).__name__ for event in events]


def statuses(batch: Batch) -> list[str]:
    """What was answered."""
    return [answer.status for answer in batch.answers]


def on_the_log(outgoing: Sequence[Outgoing]) -> list[Outgoing]:
    """What travels of it: a decision of just now carries the event itself, one read back does not."""
    return [replace(one, fact=None) for one in outgoing]
