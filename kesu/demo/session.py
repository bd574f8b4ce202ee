"""The demo from beginning to end: an embedded stack under a virtual clock, fed by the generator or a file."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import Struct

from deploy.embedded.stack import EmbeddedStack
from deploy.stack import Stack
from kesu.demo.driver import Driver, Told
from kesu.demo.following import following
from kesu.demo.people import People
from kesu.demo.quiet import Quiet
from kesu.generator import Generated, generate
from shared.clock import SharedClock
from shared.log.producer import LogProducer

START: Final = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # a Monday, 08:30 in Shanghai
ARRIVALS: Final = timedelta(days=5)
AFTERWARDS: Final = timedelta(days=23)  # four weeks in all
STRIDE: Final = timedelta(minutes=30)
# One machine, one broker in memory: short waits cost little and make the weeks pass faster.
SETTINGS: Final = {"KESU_FETCH_WAIT_MS_MAX": "12", "KESU_WATERMARK_S": "0.01"}


class Plan(Struct, frozen=True, kw_only=True):
    """What to show: how many complaints, drawn with which seed, arriving from when."""

    complaints: int = 2_000
    seed: int = 1
    start: datetime = START
    arrivals: timedelta = ARRIVALS
    afterwards: timedelta = AFTERWARDS
    stride: timedelta = STRIDE

    @property
    def until(self) -> datetime:
        """When the story ends."""
        return self.start + self.arrivals + self.afterwards

    def submissions(self) -> Iterable[Generated]:
        """What comes in: `complaints` counts submissions, the repetitions and later facts among them included."""
        return generate(self.complaints, seed=self.seed, start=self.start, span=self.arrivals)


class Session:
    """A running demo."""

    def __init__(self, *, plan: Plan, stack: Stack, clock: SharedClock, driver: Driver) -> None:
        self.plan = plan
        self.stack = stack
        self.clock = clock
        self.driver = driver

    async def run(self, submissions: Iterable[Generated] | None = None, *, rest_timeout_s: float = 60) -> None:
        """Let it all come in, and time pass until nothing is left to happen or the story ends."""
        for made in self.plan.submissions() if submissions is None else submissions:
            self.driver.agenda.add(made.at, made.type, made.submission)
        await self.driver.run(until=self.plan.until, rest_timeout_s=rest_timeout_s)


@asynccontextmanager
async def demo_session(
    plan: Plan, *, http_ports: dict[str, int] | None = None, watch: Callable[[Told], None] = lambda told: None,
    settings: dict[str, str] | None = None, fsync: bool = False,
    master_key: str | None = None, make_stack: Callable[..., Stack] = EmbeddedStack,
) -> AsyncIterator[Session]:  # fmt: skip
    """Set everything up, and take it down again; raises CannotStart where the machine does not allow it.

    The data is thrown away in the end, so the database need not wait for the disk (`fsync`). `make_stack` is told what
    any stack takes: `EmbeddedStack`, `ContainerStack`, or one of them with more options (`functools.partial`).
    """
    async with AsyncExitStack() as parts:
        directory = Path(parts.enter_context(TemporaryDirectory(prefix="kesu-clock-")))
        clock = SharedClock.create(directory / "clock", plan.start)
        stack = await parts.enter_async_context(
            make_stack(
                clock_file=directory / "clock",
                http_ports=http_ports,
                settings=SETTINGS | (settings or {}),
                fsync=fsync,
                master_key=master_key,
            )
        )
        await stack.start_services()
        producer = LogProducer(
            brokers=stack.brokers, source="/kesu/demo", clock=clock, idempotent=stack.broker.idempotent
        )
        await producer.start()
        parts.push_async_callback(producer.stop)
        quiet = Quiet(stack.urls, clock=clock, written=producer.ends)
        parts.push_async_callback(quiet.close)
        seen = await parts.enter_async_context(following(stack.brokers))
        driver = Driver(
            clock=clock,
            quiet=quiet,
            producer=producer,
            following=seen,
            people=People(seed=plan.seed),
            watch=watch,
            stride=plan.stride,
        )
        yield Session(plan=plan, stack=stack, clock=clock, driver=driver)
