"""One service as a process: connects, reads, ticks, serves HTTP, and stops cleanly or says why it cannot go on."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import uvloop
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from litestar import Litestar
from structlog import get_logger

from shared.clock import Clock
from shared.database import TRANSIENT, Pool, open_pool
from shared.errors import NotNow, Stopped
from shared.log.ends import cluster_id
from shared.log.producer import LogProducer
from shared.log.watermarks import TOPIC as WATERMARKS
from shared.pipeline.batch import BatchPipeline
from shared.pipeline.ceiling import Ceiling
from shared.pipeline.crash import CrashPoints
from shared.pipeline.dead_letters import DeadLetters
from shared.pipeline.decoding import LogReading
from shared.pipeline.handler import Handler, Reading
from shared.pipeline.positions import Positions
from shared.pipeline.reader import COMMIT_EVERY_S, Reader
from shared.pipeline.records import Outgoing
from shared.retry import Retry
from shared.runtime.checking import check_topics
from shared.runtime.observing import observe
from shared.runtime.parts import TakingUp
from shared.runtime.probing import Probing
from shared.runtime.progress import Progress
from shared.runtime.rounds import Rounds
from shared.runtime.serving import Server
from shared.runtime.starting import ToldToStop, cut_short, kept_up, patiently, unless_told_to_stop
from shared.settings import ServiceSettings
from shared.telemetry import configure_logging, told
from shared.telemetry.metrics import Read
from shared.telemetry.names import Metric
from shared.telemetry.opening import OFF, open_telemetry
from shared.telemetry.requests import watched
from shared.vault import Vault

log = get_logger(__name__)


class Service:
    """The parts of one service. Building it connects to nothing; `run` does, and ends with the exit status."""

    def __init__(
        self, *, name: str, settings: ServiceSettings, clock: Clock, vault: Vault, topics: Sequence[str],
        handler: Handler, reading: Reading | None = None, connections_max: int = 4,
        elsewhere: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.name = name
        self.settings = settings
        self.clock = clock
        self.vault = vault
        self.crash = CrashPoints(settings.crash_at)
        self.http: Litestar | None = None
        self._topics = topics
        self._handler = handler
        self._reading = reading or LogReading(consumer=name, reads=handler.reads)
        self._connections_max = connections_max
        self._elsewhere = elsewhere
        self._ended: asyncio.Event
        self._failure: BaseException | None = None
        self._opened: list[Callable[[], Awaitable[None]]] = []
        self._next_due: Callable[[], Awaitable[datetime | None]] | None = None
        self._busy: list[Callable[[], bool]] = []
        self._alongside: list[Callable[[], Awaitable[None]]] = []
        self._rounds = Rounds(schema=name, crash=self.crash, retry_delay_s_max=settings.retry_delay_s_max)
        self.round_of_timers = self._rounds.round_of_timers  # inside it timers save; see Rounds
        self.pool: Pool
        self.producer: LogProducer
        self.reader: Reader
        self._probing: Probing
        self._opened_all = False
        self.telemetry = OFF
        self.readings: dict[Metric, Read] = {}
        self.started = False

    def every_tick(self, ticker: Callable[[], Awaitable[bool]]) -> None:
        """Run `ticker` often (about every 10 ms); it returns whether it did anything."""
        self._rounds.add(ticker)

    def when_open(self, opened: Callable[[], Awaitable[None]]) -> None:
        """Run `opened` once, after the connections are there and before anything is read."""
        self._opened.append(opened)

    def next_due_from(self, next_due: Callable[[], Awaitable[datetime | None]]) -> None:
        """Where to ask when the next timer is due (the virtual clock jumps to it)."""
        self._next_due = next_due

    def busy_while(self, busy: Callable[[], bool]) -> None:
        """Work goes on outside the reader while `busy` says so."""
        self._busy.append(busy)

    def alongside(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` for as long as the service reads; where it fails for now, it is begun again."""
        self._alongside.append(work)

    def observed(self, metric: Metric, read: Read) -> None:
        """Ask `read` for the values of `metric` at every scrape while the service reads; others are asked for every service."""
        self.readings[metric] = read

    def missing(self) -> tuple[str, ...]:
        """What this instance lacks to take work; nothing where it is ready."""
        if self._failure is not None or self._ended.is_set():
            return ("stopping",)
        if not self.started:
            return ("starting",)
        return self._probing.away + (("partitions or the last batch",) if self.reader.waiting else ())

    @property
    def stopped_by(self) -> str:
        """The code of the failure that stops the service; empty while there is none."""
        error = self._failure
        return error.code if isinstance(error, Stopped) else "unknown_failure" if error else ""

    def is_ready(self) -> bool:
        """Whether this instance can take work: connected, nothing failed or put off, database and broker answer."""
        return self.started and not self.missing()

    async def progress(self) -> Progress:
        """How far this instance has come, now."""
        reader = self.reader
        return Progress(
            service=self.name, now=self.clock.now(), read={_name(tp): at for tp, at in reader.next.items()},
            written={_name(tp): at for tp, at in self.producer.ends.items() if tp.topic != WATERMARKS},
            read_through={_name(tp): at for tp in reader.next if (at := reader.through.of(tp))},
            busy=reader.busy or reader.exclusive.locked() or self._rounds.unpublished or any(busy() for busy in self._busy),
            handled=self.pipeline.handled, dead=self.pipeline.dead,
            next_due=await self._next_due() if self._next_due else None,
            paused=sorted(map(_name, reader.flow.paused)),
        )  # fmt: skip

    def fail(self, error: BaseException) -> None:
        """The service cannot go on: stop with the position unmoved."""
        if self._failure is None:
            self._failure = error
            log.error("the service stops", code=self.stopped_by, **told(error, where=not isinstance(error, Stopped)))
        self._ended.set()

    async def run(self) -> int:
        """Live until SIGTERM or SIGINT (exit status 0) or a failure (1)."""
        self._ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ended.set)
        try:
            async with contextlib.AsyncExitStack() as stack:
                self.telemetry = open_telemetry(self.settings, service=self.name)
                stack.push_async_callback(self.telemetry.tracing.close)
                observe(self, self.telemetry.metrics)
                await self._open(stack)
                await self._ended.wait()
                log.info("draining")
                loop.call_later(self.settings.drain_timeout_s, cut_short)
        except ToldToStop:
            log.info("told to stop while starting")
        except Exception as error:  # noqa: BLE001 - whatever is unknown stops the service
            self.fail(error)
        return 1 if self._failure else 0

    async def _open(self, stack: contextlib.AsyncExitStack) -> None:
        settings = self.settings
        server = Server(watched(self.http, self.telemetry), settings, lambda: self._opened_all) if self.http else None
        if server:
            stack.push_async_callback(server.stop)
            await server.start(self._guarded)
        pool = partial(
            open_pool, settings.database, name=self.name, connections_max=self._connections_max,
            connect_timeout_s=settings.database_connect_timeout_s, command_timeout_s=settings.database_command_timeout_s,
        )  # fmt: skip
        self.pool = await patiently(pool, self._ended)
        stack.push_async_callback(self._close_pool)
        cluster = await patiently(partial(cluster_id, settings.brokers), self._ended)
        topics = partial(check_topics, settings.brokers, self._topics, partitions=settings.partitions)
        await patiently(topics, self._ended)
        self.producer = LogProducer(
            brokers=settings.brokers, source=f"/kesu/{self.name}", clock=self.clock,
            idempotent=settings.idempotent_producer, timeout_s=settings.produce_timeout_s, telemetry=self.telemetry,
        )  # fmt: skip
        await patiently(self.producer.start, self._ended)
        stack.push_async_callback(self.producer.stop)
        broker = self._wire(cluster)
        for opened in self._opened:
            await patiently(opened, self._ended)
        self._opened_all = True
        if server:
            stack.push_async_callback(server.stop)  # before what it needs is closed
        self._probing = Probing(pool=self.pool, producer=self.producer, every_s=settings.probe_every_s, timeout_s=settings.probe_timeout_s)  # fmt: skip
        stack.push_async_callback(self._leave, broker)
        await unless_told_to_stop(broker.start(), self._ended)
        stack.callback(self.reader.stop)
        retry = Retry(max_s=settings.retry_delay_s_max)
        alongside = [partial(kept_up, work, retry, self.telemetry.metrics) for work in self._alongside]
        self._in_background(stack, partial(self._rounds.run, self.reader.observe), self._write_positions, self._probing.run, *alongside)  # fmt: skip
        gc.collect()
        gc.freeze()  # what is loaded now stays: the collector need not look at it again
        gc.set_threshold(200_000, 20, 50)  # batches make many values and no cycles
        self.started = True
        log.info("started", cluster=cluster, http_port=settings.http_port)

    def _wire(self, cluster: str) -> KafkaBroker:
        settings = self.settings
        positions = Positions(schema=self.name, cluster=cluster)
        dead_letters = DeadLetters(consumer=self.name, vault=self.vault)
        pipeline = BatchPipeline(
            handler=self._handler, reading=self._reading, own=LogReading(consumer=self.name, reads=self._handler.owns),
            pool=self.pool, producer=self.producer, positions=positions,
            dead_letters=dead_letters, clock=self.clock, crash=self.crash,
            ceiling=Ceiling(in_a_row_max=settings.dead_letters_in_a_row_max, share_max=settings.dead_letters_share_max),
            elsewhere=self._elsewhere, telemetry=self.telemetry,
        )  # fmt: skip
        taking_up = TakingUp(
            schema=self.name, brokers=settings.brokers, pool=self.pool, producer=self.producer,
            positions=positions, handler=self._handler, pipeline=pipeline,
            publishes=not self._handler.moves_with_save, elsewhere=self._elsewhere, clock=self.clock,
        )  # fmt: skip
        self.reader = Reader(
            name=self.name, topics=self._topics, pipeline=pipeline, dead_letters=dead_letters, clock=self.clock,
            settings=settings, positions=positions, assigned=taking_up, publish_unpublished=self._rounds.publish_unpublished, failed=self.fail,
            metrics=self.telemetry.metrics,
        )  # fmt: skip
        self.pipeline = pipeline
        self._rounds.open(
            pool=self.pool, publish=self._publish, exclusive=self.reader.exclusive, metrics=self.telemetry.metrics
        )
        broker = KafkaBroker(
            settings.kafka_bootstrap, security=settings.brokers.security(), request_timeout_ms=settings.kafka_request_timeout_ms,
            apply_types=False, logger=None, consumer_only=True, graceful_timeout=settings.drain_timeout_s,
        )  # fmt: skip
        self.reader.subscribe(broker)
        return broker

    async def _publish(self, events: Sequence[Outgoing]) -> None:
        await self.producer.publish(events)

    async def _write_positions(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_EVERY_S)
            if not (self.reader.busy or self.reader.exclusive.locked() or self.reader.waiting):
                self.reader.flow.check(answering_since_s=self._probing.kafka_answers_since_s)
            with contextlib.suppress(NotNow, KafkaError, *TRANSIENT):
                await self.reader.write_positions()

    async def _leave(self, broker: KafkaBroker) -> None:
        """Finish the batch under way and leave the group, within the time there is for draining."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.settings.drain_timeout_s):
                await broker.stop()

    def _in_background(self, stack: contextlib.AsyncExitStack, *works: Callable[[], Awaitable[None]]) -> None:
        tasks = [asyncio.create_task(self._guarded(one)) for one in works]

        async def end() -> None:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        stack.push_async_callback(end)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is unknown stops the service
            self.fail(error)

    async def _close_pool(self) -> None:
        try:
            async with asyncio.timeout(5):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()


def _name(tp: TopicPartition) -> str:
    return f"{tp.topic}:{tp.partition}"


def run(service: Service) -> int:
    """Run `service` to its end on uvloop."""
    configure_logging(service=service.name, level=service.settings.log_level)
    return uvloop.run(service.run())
