"""Looks at the clock and the log, and lets the timers run when something is due and the log is read that far."""

from collections.abc import Sequence
from datetime import datetime

from services.followup.store import SCHEMA
from services.followup.timers import Timers
from shared.pipeline.records import Outgoing
from shared.runtime.service import Service
from shared.saved import COMPLAINTS, publish_pending


class Watch:
    """One round of timers at a time: committed, then published, then marked, with no batch of the log in between."""

    def __init__(self, *, service: Service, timers: Timers) -> None:
        self._service = service
        self._timers = timers
        self._unpublished = True  # a process that ended before this one may have left some

    async def tick(self) -> bool:
        """Settle what is due and publish it; returns whether anything happened."""
        service = self._service
        async with service.reader.exclusive:
            happened = await self._timers.run_due(service.pool, service.clock.now(), self._read_through)
            if happened:
                self._unpublished = True
                service.crash.reached("timer_saved")
            while self._unpublished:
                sent = await publish_pending(service.pool, SCHEMA, self._publish)
                if sent:
                    service.crash.reached("timer_marked")
                self._unpublished = sent > 0
        return happened > 0

    async def next_due(self) -> datetime | None:
        """When something falls due next."""
        return await self._timers.next_due(self._service.pool)

    def _read_through(self, partition: int) -> datetime | None:
        return self._service.reader.read_through(COMPLAINTS, partition)

    async def _publish(self, events: Sequence[Outgoing]) -> None:
        await self._service.producer.publish(events)
        self._service.crash.reached("timer_published")
