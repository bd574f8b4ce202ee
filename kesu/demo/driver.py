"""Drives the virtual clock: what is submitted, who reacts, and the next moment at which anything happens."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from kesu.demo.agenda import GRID, Agenda, Item, on_grid
from kesu.demo.following import Following
from kesu.demo.people import People
from kesu.demo.quiet import Quiet
from shared.clock import SharedClock
from shared.log.producer import LogProducer
from shared.log.submissions import submitted

MOMENT: Final = timedelta(milliseconds=1)  # a record's timestamp knows nothing finer
PUBLISH_MAX: Final = 500


class Told(Struct):
    """How far the drive has come, for whoever watches."""

    now: datetime
    submitted: int = 0
    seen: int = 0
    steps: int = 0


class Driver:
    """Moves time to the next thing that happens, in steps of at most `stride`: so weeks take seconds, nothing is skipped.

    What a step brings is the same for any stride, as services go by the times of the facts; only people, who act on what
    they see, see it up to a stride later.
    """

    def __init__(
        self, *, clock: SharedClock, quiet: Quiet, producer: LogProducer, following: Following, people: People,
        watch: Callable[[Told], None] = lambda told: None, stride: timedelta = GRID,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._quiet = quiet
        self._producer = producer
        self._following = following
        self._people = people
        self._watch = watch
        self._stride = stride
        self.agenda = Agenda()
        self.told = Told(clock.now())

    async def run(self, *, until: datetime, rest_timeout_s: float = 60) -> None:
        """Go on until nothing is left to happen, or until `until`."""
        while True:
            due = await self._rest(rest_timeout_s)
            coming = [at for at in (self.agenda.next_at, due) if at is not None]
            if not coming or min(coming) > until:
                return
            step = max(on_grid(min(coming), grid=self._stride), self._clock.now() + MOMENT)
            await self._pass_to(step, due=due, rest_timeout_s=rest_timeout_s)
            self.told.steps += 1

    async def _pass_to(self, step: datetime, *, due: datetime | None, rest_timeout_s: float) -> None:
        """Submit what is due by `step`; where timers are due too, let it be read before they look at the clock.

        Until it is submitted the clock says so: nobody can believe to have read through a time it belongs to.
        """
        items = self.agenda.until(step)
        if items and due is not None and due <= step:
            self._clock.jump(step - MOMENT, settled=False)
            await self._submit(items, before=step)
            self._clock.settle()
            await self._rest(rest_timeout_s)
            items = []
        self._clock.jump(step, settled=not items)
        if items:
            await self._submit(items, before=step)
            self._clock.settle()

    async def _rest(self, timeout_s: float) -> datetime | None:
        """Wait until all is read, and let people react to what they see."""
        due = await self._quiet.wait(timeout_s=timeout_s)
        async for event in self._following.read_to(self._quiet.ends):
            self.told.seen += 1
            for at, type_, submission in self._people.react(event):
                self.agenda.add(max(at, self._clock.now() + MOMENT), type_, submission)
        self.told.now = self._clock.now()
        self._watch(self.told)
        return due

    async def _submit(self, items: Iterable[Item], *, before: datetime) -> None:
        last = before - MOMENT
        records = [submitted(item.type, item.submission, at=min(item.at, last)) for item in items]
        for first in range(0, len(records), PUBLISH_MAX):
            await self._producer.publish(records[first : first + PUBLISH_MAX])
        self.told.submitted += len(records)
