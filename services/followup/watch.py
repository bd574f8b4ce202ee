"""Looks at the clock and the log, and lets the timers run when something is due and the log is read that far."""

from datetime import datetime
from functools import partial

from services.followup.timers import Timers
from shared.runtime.service import Service
from shared.saved import COMPLAINTS


class Watch:
    """One round of timers at a time: committed, then published, then marked, with no batch of the log in between."""

    def __init__(self, *, service: Service, timers: Timers) -> None:
        self._service = service
        self._timers = timers

    async def tick(self) -> bool:
        """Settle what is due and publish it; returns whether anything happened."""
        service = self._service
        async with service.round_of_timers() as round_:
            happened = await self._timers.run_due(
                service.pool,
                service.clock.now(),
                self._read_through,
                hold=partial(service.reader.hold, topic=COMPLAINTS),
            )
            round_.saved = happened > 0
        return happened > 0

    async def next_due(self) -> datetime | None:
        """When something falls due next."""
        return await self._timers.next_due(self._service.pool)

    def _read_through(self, partition: int) -> datetime | None:
        return self._service.reader.read_through(COMPLAINTS, partition)
