"""What no arrival brings about: facts whose complaint came in parallel, facts that waited in vain, events left unpublished."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.intake import answers, store
from services.intake.acceptance import Acceptance
from services.intake.store import SCHEMA
from services.intake.waiting import as_record
from shared.clock import Clock
from shared.database import Pool
from shared.pipeline.dead_letters import DeadLetters
from shared.pipeline.records import Outgoing
from shared.saved import mark_published
from shared.vault import Vault

ROWS_MAX: Final = 500  # per sweep and kind; the next sweep takes the rest
_log = structlog.get_logger(__name__)


class Sweep:
    """Looks every `every_s` seconds (of real time) after what was left behind."""

    def __init__(
        self,
        *,
        pool: Callable[[], Pool],
        publish: Callable[[Sequence[Outgoing]], Awaitable[None]],
        keys_of_pending: Callable[[], Awaitable[Sequence[Outgoing]]],
        acceptance: Acceptance,
        vault: Vault,
        clock: Clock,
        every_s: float,
        remember_answers: timedelta,
    ) -> None:
        self._pool = pool
        self._publish = publish
        self._keys_of_pending = keys_of_pending
        self._acceptance = acceptance
        self._vault = vault
        self._dead_letters = DeadLetters(consumer=SCHEMA, vault=vault)
        self._clock = clock
        self._every_s = every_s
        self._remember_answers = remember_answers
        self._next_s = 0.0
        self._seen: frozenset[str] = frozenset()

    async def tick(self) -> bool:
        """Sweep when it is time; returns whether anything was done. Raises NotNow and the database's errors."""
        if time.monotonic() < self._next_s:
            return False
        did = [await self._overslept(), await self._expired(), await self._left_unpublished()]
        async with self._pool().acquire() as conn:
            await answers.forget(conn, self._clock.now() - self._remember_answers)
        self._next_s = time.monotonic() + self._every_s
        return any(did)

    async def next_due(self) -> datetime | None:
        """When the next waiting fact has waited long enough."""
        async with self._pool().acquire() as conn:
            return await store.next_expiry(conn)

    async def _overslept(self) -> bool:
        """A fact and its complaint came in parallel, neither saw the other."""
        async with self._pool().acquire() as conn, conn.transaction():
            complaint_ids = await store.overslept(conn, limit=ROWS_MAX)
            if not complaint_ids:
                return False
            batch = await self._acceptance.release(conn, complaint_ids, now=self._clock.now())
        await self._publish_and_mark(batch.everything)
        return True

    async def _expired(self) -> bool:
        """The dead letter first, then the row: a crash in between writes the same letter again."""
        now = self._clock.now()
        async with self._pool().acquire() as conn:
            rows = await store.expired(conn, now, limit=ROWS_MAX)
        if not rows:
            return False
        letters = [
            self._dead_letters.of(
                as_record(row, self._vault), code="complaint_unknown", detail=f"no complaint {row.complaint_id}", at=now
            )
            for row in rows
        ]
        await self._publish(letters)
        async with self._pool().acquire() as conn:
            await store.forget(conn, [row.submission_id for row in rows])
        _log.warning("facts_waited_in_vain", count=len(rows))
        return True

    async def _left_unpublished(self) -> bool:
        """Events pending at two sweeps running: whoever saved them is not about to publish them any more."""
        async with self._pool().acquire() as conn:
            pending = await store.pending_events(conn, limit=ROWS_MAX)
        left = [event for event in pending if event.id in self._seen]
        self._seen = frozenset(event.id for event in pending)
        if left:
            await self._publish(await self._keys_of_pending())
            await self._publish_and_mark(left)
        return bool(left)

    async def _publish_and_mark(self, events: Sequence[Outgoing]) -> None:
        await self._publish(events)
        async with self._pool().acquire() as conn:
            await mark_published(conn, SCHEMA, events)
