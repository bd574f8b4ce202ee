"""A story of complaints, told on servers of its own: where faults are thrown in."""

import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from deploy.stack import Stack
from kesu.demo.driver import Driver
from kesu.demo.people import Act, People
from kesu.demo.session import Plan
from kesu.generator import Generated, generate
from kesu.verify.run import Report, verify
from shared.clock import Clock, SharedClock
from shared.events.envelope import Fact
from shared.log.ends import partitions_of, reading
from shared.log.submissions import submitted
from shared.saved import COMPLAINTS
from tests.faults.facts import Facts, facts_of
from tests.faults.pace import OnTime, Pace, PacedQuiet, PatientFollowing, PatientProducer
from tests.faults.stack import ProxiedStack

SEED: Final = int(os.environ.get("KESU_TEST_SEED", "7"))
MASTER_KEY: Final = "5c" * 32
REST_TIMEOUT_S: Final = 120.0
STORY: Final = Plan(
    complaints=300, seed=SEED, arrivals=timedelta(days=1), afterwards=timedelta(days=1), stride=timedelta(hours=1)
)


S = TypeVar("S", bound=Stack)


class Outcome(Struct, frozen=True):
    """What a run left."""

    report: Report
    facts: Facts
    steps: int


class Scene(Generic[S]):
    """A story under way."""

    def __init__(
        self, *, plan: Plan, stack: S, clock: SharedClock, clock_file: Path, driver: Driver, pace: Pace,
        producer: PatientProducer, quiet: PacedQuiet,
    ) -> None:  # fmt: skip
        self.plan = plan
        self.stack = stack
        self.clock = clock
        self.clock_file = clock_file
        self.driver = driver
        self.pace = pace
        self.producer = producer
        self._quiet = quiet

    async def rest(self) -> None:
        """Until all that came in is handled."""
        await self._quiet.wait(timeout_s=REST_TIMEOUT_S)

    async def run(self, *, more: bool = False) -> None:
        """The story to its end; with `more`, only what is left of it."""
        for made in () if more else self.plan.submissions():
            self.driver.agenda.add(made.at, made.type, made.submission)
        await self.driver.run(until=self.plan.until, rest_timeout_s=REST_TIMEOUT_S)

    async def submit(self, submissions: Iterable[Generated]) -> None:
        """They come in now, each at the time it says."""
        await self.producer.publish([submitted(one.type, one.submission, at=one.at) for one in submissions])

    async def settled(self) -> Outcome:
        """What it left."""
        return await outcome(self.stack, self.clock, steps=self.pace.steps)


async def outcome(stack: Stack, clock: Clock, *, steps: int) -> Outcome:
    """What a run on `stack` left."""
    report = await verify(database_url=stack.database_url(), brokers=stack.brokers, clock=clock)
    return Outcome(report, whenever_decided(await facts_of(stack)), steps)


def whenever_decided(facts: Facts) -> Facts:
    """The facts without when a service came to decide them: that is later after an outage, and nothing else may be."""
    return {
        id_: {
            event: {name: value for name, value in fact.items() if name != "decided_at"} for event, fact in of.items()
        }
        for id_, of in facts.items()
    }


class Nobody(People):
    """Nobody reacts to anything."""

    def __init__(self) -> None:
        super().__init__(seed=0)

    def react(self, event: Fact) -> Iterator[Act]:
        return iter(())


def all_at_once(plan: Plan) -> list[Generated]:
    """All complaints of `plan`, and nothing about them, as coming in at its start."""
    made = generate(plan.complaints, seed=plan.seed, start=plan.start, span=plan.arrivals, facts=False)
    return [replace(one, at=plan.start, submission=replace(one.submission, occurred_at=plan.start)) for one in made]


def scene(
    plan: Plan = STORY, *, settings: Mapping[str, str] | None = None, people: People | None = None
) -> AbstractAsyncContextManager[Scene[ProxiedStack]]:
    """Everything up on proxied servers, nothing submitted yet."""
    return scene_on(partial(ProxiedStack, settings=settings), plan, people=people)


@asynccontextmanager
async def scene_on(
    make_stack: Callable[..., S], plan: Plan, *, people: People | None = None
) -> AsyncIterator[Scene[S]]:
    """Everything up, nothing submitted yet."""
    async with AsyncExitStack() as parts:
        clock_file = Path(parts.enter_context(TemporaryDirectory(prefix="kesu-clock-"))) / "clock"
        clock, pace = SharedClock.create(clock_file, plan.start), Pace()
        stack = make_stack(clock_file=clock_file, master_key=MASTER_KEY, fsync=False)
        await parts.enter_async_context(stack)
        await stack.start_services()
        producer = PatientProducer(
            brokers=stack.brokers, source="/kesu/channel", clock=clock, timeout_s=5, idempotent=stack.broker.idempotent
        )
        await producer.start()
        parts.push_async_callback(producer.stop)
        quiet = PacedQuiet(stack.urls, pace=pace, clock=clock, written=producer.ends)
        parts.push_async_callback(quiet.close)
        partitions = await partitions_of(stack.brokers, [COMPLAINTS])
        consumer = await parts.enter_async_context(reading(stack.brokers, partitions, wait_ms=20))
        consumer.pause(*partitions)
        driver = OnTime(
            clock=clock, quiet=quiet, producer=producer, following=PatientFollowing(consumer, partitions),
            people=people or People(seed=plan.seed), stride=plan.stride,
        )  # fmt: skip
        yield Scene(
            plan=plan, stack=stack, clock=clock, clock_file=clock_file, driver=driver, pace=pace,
            producer=producer, quiet=quiet,
        )  # fmt: skip
