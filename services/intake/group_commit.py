"""The HTTP door's way in: requests that wait at the same time are committed together and published together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import structlog
from msgspec import Struct

from services.intake import answers
from services.intake.acceptance import Acceptance
from services.intake.answers import Claim, Raced
from services.intake.model import Accepted, Draft
from services.intake.store import SCHEMA
from shared.clock import Clock
from shared.database import TRANSIENT, Connection, Pool
from shared.errors import NotNow
from shared.events.envelope import ComplaintFact
from shared.pipeline.records import Outgoing
from shared.problems import Problem
from shared.saved import mark_published
from shared.telemetry.context import current
from shared.telemetry.tracing import carrying

UNPUBLISHED_BATCHES_MAX: Final = 8
RACES_MAX: Final = 5
NOT_NOW: Final[tuple[type[BaseException], ...]] = (NotNow, *TRANSIENT)
_log = structlog.get_logger(__name__)


class Taken(Struct, frozen=True):
    """What a request is told: an answer per draft, or the very bytes that its Idempotency-Key was answered with before."""

    answers: tuple[Accepted, ...]
    before: bytes | None = None


class _Request(Struct, eq=False):
    drafts: Sequence[Draft]
    claim: Claim | None
    write: Callable[[Sequence[Accepted]], bytes]
    taken: "asyncio.Future[Taken]"
    trace: str = ""


_Committed = tuple[list[tuple[_Request, Taken]], list[Outgoing]]


class GroupCommit:
    """Two stages, each one batch at a time: save and commit, then publish and mark. So order is kept between batches."""

    def __init__(
        self,
        *,
        pool: Callable[[], Pool],
        publish: Callable[[Sequence[Outgoing]], Awaitable[None]],
        acceptance: Acceptance,
        clock: Clock,
        gather_s: float,
        drafts_max: int,
        requests_max: int,
        publish_timeout_s: float,
        retry_after_s: int,
    ) -> None:
        self._pool = pool
        self._publish_events = publish
        self._acceptance = acceptance
        self._clock = clock
        self._gather_s = gather_s
        self._drafts_max = drafts_max
        self._publish_timeout_s = publish_timeout_s
        self._retry_after_s = retry_after_s
        self._arrived: asyncio.Queue[_Request] = asyncio.Queue(requests_max)
        self._committed: asyncio.Queue[_Committed] = asyncio.Queue(UNPUBLISHED_BATCHES_MAX)
        self._running: set[tuple[str, str]] = set()
        self._under_way: dict[_Request, datetime] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to take requests."""
        self._tasks = [asyncio.create_task(self._commit()), asyncio.create_task(self._publish())]

    async def stop(self) -> None:
        """End; requests still waiting are told to come again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while not self._arrived.empty():
            self._fail([self._arrived.get_nowait()], self._unavailable())

    @property
    def is_busy(self) -> bool:
        """Whether any request is under way."""
        return bool(self._under_way)

    @property
    def oldest_under_way(self) -> datetime | None:
        """When the oldest of what is under way was accepted."""
        return min(self._under_way.values(), default=None)

    async def take(
        self,
        drafts: Sequence[Draft],
        *,
        write: Callable[[Sequence[Accepted]], bytes],
        claim: Claim | None = None,
    ) -> Taken:
        """Answers once `drafts` are on the log; `write` makes the bytes that are kept for the claim's key.

        Raises Problem: overloaded, log_unavailable, idempotency_key_running or idempotency_key_reused.
        """
        request = _Request(drafts, claim, write, asyncio.get_running_loop().create_future(), current.get())
        key = (claim.channel, claim.key) if claim else None
        if key in self._running:
            raise Problem("idempotency_key_running", retry_after_s=1)
        if self._arrived.full():
            raise Problem("overloaded", retry_after_s=self._retry_after_s)
        if key:
            self._running.add(key)
        self._under_way[request] = min(draft.event.accepted_at for draft in drafts)
        try:
            self._arrived.put_nowait(request)
            return await request.taken
        finally:
            del self._under_way[request]
            if key:
                self._running.discard(key)

    async def _commit(self) -> None:
        while True:
            requests = await self._gathered()
            try:
                committed = await self._saved(requests)
            except NOT_NOW as error:
                _log.warning("requests_not_saved", count=len(requests), error=type(error).__name__)
                self._fail(requests, self._unavailable())
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the door for the others
                await self._one_by_one(requests, error)
                continue
            await self._committed.put(committed)

    async def _one_by_one(self, requests: list[_Request], error: Exception) -> None:
        """Something nobody foresaw: let it hit only the request that brings it."""
        if len(requests) == 1:
            _log.error("request_failed", error=type(error).__name__)
            self._fail(requests, error)
            return
        for request in requests:
            try:
                await self._committed.put(await self._saved([request]))
            except Exception as own:  # noqa: BLE001
                await self._one_by_one([request], own)

    async def _gathered(self) -> list[_Request]:
        """The requests of one batch: whoever waits, and who comes within the gathering time."""
        requests = [await self._arrived.get()]
        count = len(requests[0].drafts)
        if count < self._drafts_max and self._gather_s:
            await asyncio.sleep(self._gather_s)
        while count < self._drafts_max and not self._arrived.empty():
            requests.append(self._arrived.get_nowait())
            count += len(requests[-1].drafts)
        return requests

    async def _saved(self, requests: list[_Request]) -> _Committed:
        for _ in range(RACES_MAX):
            try:
                async with self._pool().acquire() as conn, conn.transaction():
                    return await self._save(conn, requests)
            except Raced:
                continue
        raise NotNow("another process keeps answering under the same keys")

    async def _save(self, conn: Connection, requests: list[_Request]) -> _Committed:
        before = await answers.answered(conn, [r.claim for r in requests if r.claim])
        taking = [request for request in requests if not self._is_reuse(request, before)]
        drafts = [draft for request in taking for draft in request.drafts]
        now = self._clock.now()
        batch = await self._acceptance.accept(conn, drafts, now=now, pending=True)
        results, kept, at = [], [], 0
        for request in taking:
            own = tuple(batch.answers[at : at + len(request.drafts)])
            at += len(request.drafts)
            claim = request.claim
            stored = before.get((claim.channel, claim.key)) if claim else None
            if claim and not stored and all(answer.status != "refused" for answer in own):
                kept.append((claim, request.write(own)))
            results.append((request, Taken(own, stored[1] if stored else None)))
        await answers.keep(conn, kept, at=now)
        return results, batch.everything

    def _is_reuse(self, request: _Request, before: dict[tuple[str, str], tuple[bytes, bytes]]) -> bool:
        claim = request.claim
        stored = before.get((claim.channel, claim.key)) if claim else None
        if claim is None or stored is None or stored[0] == claim.fingerprint:
            return False
        self._fail([request], Problem("idempotency_key_reused"))
        return True

    async def _publish(self) -> None:
        while True:
            batches = [await self._committed.get()]
            while not self._committed.empty():
                batches.append(self._committed.get_nowait())
            results = [result for batch, _ in batches for result in batch]
            events = carrying([event for _, outgoing in batches for event in outgoing], _traces(results))
            try:
                async with asyncio.timeout(self._publish_timeout_s):
                    await self._publish_events(events)
                await self._mark(events)
            except Exception as error:  # noqa: BLE001 - they stay pending, and are published later or on request
                _log.warning("requests_not_published", count=len(results), error=type(error).__name__)
                self._fail([request for request, _ in results], self._unavailable())
                continue
            for request, taken in results:
                if not request.taken.done():
                    request.taken.set_result(taken)

    async def _mark(self, events: Sequence[Outgoing]) -> None:
        """Say what is published. Failing to is harmless: it is published once more."""
        try:
            async with self._pool().acquire() as conn:
                await mark_published(conn, SCHEMA, events)
        except NOT_NOW as error:
            _log.warning("events_not_marked", count=len(events), error=type(error).__name__)

    def _fail(self, requests: Sequence[_Request], error: Exception) -> None:
        for request in requests:
            if not request.taken.done():
                request.taken.set_exception(error)

    def _unavailable(self) -> Problem:
        return Problem("log_unavailable", retry_after_s=self._retry_after_s)


def _traces(results: Sequence[tuple[_Request, Taken]]) -> dict[str, str]:
    """The trace contexts of requests, by the complaints they are about (one about a control fact has none)."""
    return {
        draft.event.complaint_id: request.trace
        for request, _ in results
        if request.trace
        for draft in request.drafts
        if isinstance(draft.event, ComplaintFact)
    }
