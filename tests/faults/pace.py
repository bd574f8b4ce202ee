"""Faults and the virtual clock keep step: a fault begins when so much has happened, and time does not run away from it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from aiokafka.errors import KafkaError

from kesu.demo.driver import MOMENT, Driver
from kesu.demo.following import Following
from kesu.demo.quiet import Quiet
from shared.errors import NotNow
from shared.events.envelope import Fact
from shared.log.producer import LogProducer
from shared.pipeline.records import Outgoing

STEPS_IN_A_FAULT_MAX: Final = 4  # then time waits until it is over
REACTIONS_MAX: Final = 1_000  # within one step
PATIENCE_S: Final = 120.0
TRY_AGAIN_S: Final = 0.3


class Pace:
    """How many steps of the clock there were, when everything last came to rest, and whether a fault is on."""

    def __init__(self) -> None:
        self.steps = 0
        self.rested_at = 0.0
        self._until: int | None = None
        self._changed = asyncio.Condition()

    async def step(self) -> None:
        """A step was taken: something came in, or timers are due."""
        async with self._changed:
            self.steps += 1
            self._changed.notify_all()

    async def rest(self) -> None:
        """All that came in is handled; where a fault has been on for some steps, wait for its end."""
        async with self._changed:
            self.rested_at = asyncio.get_running_loop().time()
            self._changed.notify_all()
            await self._changed.wait_for(lambda: self._until is None or self.steps < self._until)

    async def reached(self, steps: int) -> None:
        """Wait until so many steps were taken; from then on a fault is on."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.steps >= steps)
            self._until = self.steps + STEPS_IN_A_FAULT_MAX

    async def over(self) -> None:
        """The fault is over."""
        async with self._changed:
            self._until = None
            self._changed.notify_all()

    async def rest_after(self, at: float, *, timeout_s: float) -> float:
        """Wait for a rest later than `at` (of the loop's time); returns when it was. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(lambda: self.rested_at > at)
            return self.rested_at


class OnTime(Driver):
    """A driver whose channels submit at the very time they say: the clock stands while a submission finds no broker.

    The demo's goes to the end of its step first and lets channels say that it was earlier: what comes late, because
    Kafka was away, would come from a channel whose clock is slow.
    """

    async def _pass_to(self, step: datetime, *, due: datetime | None, rest_timeout_s: float) -> None:
        for _ in range(REACTIONS_MAX):
            for at, items in groupby(self.agenda.until(step), key=lambda item: item.at):
                self._clock.jump(at)
                await self._submit(items, before=max(at, self._clock.now()) + MOMENT)
            if due is None or due > step:
                break
            due = await self._rest(rest_timeout_s)
            if self.agenda.next_at is None or self.agenda.next_at > step:
                break  # else somebody reacted, and does so before this step is over
        self._clock.jump(step)


class PacedQuiet(Quiet):
    """Tells `pace` of steps and rests."""

    def __init__(
        self, urls: Callable[[], Sequence[str]], *, pace: Pace, clock: Any, written: Mapping[Any, int]
    ) -> None:
        super().__init__(urls, clock=clock, written=written, poll_s=0.02)
        self._pace = pace

    async def wait(self, *, timeout_s: float = 60) -> datetime | None:
        await self._pace.step()
        due = await super().wait(timeout_s=timeout_s)
        await self._pace.rest()
        return due


class PatientProducer(LogProducer):
    """A channel that submits again until it is acknowledged."""

    async def publish(self, events: Sequence[Outgoing]) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_S
        while True:
            try:
                return await super().publish(events)
            except NotNow:
                if loop.time() > until:
                    raise
                await asyncio.sleep(TRY_AGAIN_S)


class PatientFollowing(Following):
    """People who look again where the log cannot be read."""

    async def read_to(self, ends: Mapping[str, int]) -> AsyncIterator[Fact]:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_S
        while True:
            try:
                async for event in super().read_to(ends):
                    yield event
                return
            except (KafkaError, NotNow):
                if loop.time() > until:
                    raise
                await asyncio.sleep(TRY_AGAIN_S)
