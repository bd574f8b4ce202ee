"""Looks at the clock and the log, and lets the timers run when something is due and the log is read that far."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from aiokafka import TopicPartition

from services.followup.timers import Timers
from shared.log.watermarks import TakenIn
from shared.runtime.service import Service
from shared.saved import COMPLAINTS


class Watch:
    """One round of timers at a time: committed, then published, then marked, with no batch of the log in between."""

    def __init__(self, *, service: Service, timers: Timers, taken_in: TakenIn) -> None:
        self._service = service
        self._taken_in = taken_in
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

    def judged_through_ages(self) -> Iterator[tuple[float, tuple[str, str]]]:
        """For each partition held here: seconds (of Kesu's clock) since the time up to which its timers may be judged."""
        for tp in self._service.reader.next:
            if (at := self._read_through(tp.partition)) is not None:
                yield max(0.0, (self._service.clock.now() - at).total_seconds()), (tp.topic, str(tp.partition))

    def _read_through(self, partition: int) -> datetime | None:
        """What was accepted before this time is handled: it was taken in, and the log is read that far."""
        reader = self._service.reader
        read = reader.read_through(COMPLAINTS, partition)
        taken_in = self._taken_in.through(partition, reader.next.get(TopicPartition(COMPLAINTS, partition), 0))
        return min(read, taken_in) if read and taken_in else None
