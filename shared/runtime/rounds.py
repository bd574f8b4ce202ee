"""Rounds of timers: what falls due without any record coming in, each round saved, then published, then marked."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from aiokafka.errors import KafkaError
from structlog import get_logger

from shared.database import TRANSIENT, UNSTORABLE, Pool
from shared.errors import NotNow
from shared.pipeline.crash import CrashPoints
from shared.retry import Retry
from shared.saved import Publish, publish_pending
from shared.telemetry import names, told
from shared.telemetry.metrics import Metrics

TICK_S: Final = 0.01
OBSERVE_S: Final = 0.1  # where nothing waits for the time
log = get_logger(__name__)


class Round:
    """A round of timers; set `saved` to false where nothing was due, so that nothing is looked for."""

    saved = True


class Rounds:
    """The timers of one service. `exclusive` keeps a round and a batch of the log apart, so that order per complaint holds."""

    def __init__(self, *, schema: str, crash: CrashPoints, retry_delay_s_max: float) -> None:
        self._schema = schema
        self._crash = crash
        self._retry = Retry(max_s=retry_delay_s_max)
        self._tickers: list[Callable[[], Awaitable[bool]]] = []
        self._pool: Pool
        self._publish: Publish
        self._exclusive: asyncio.Lock
        self._metrics: Metrics
        self.unpublished = False

    def add(self, ticker: Callable[[], Awaitable[bool]]) -> None:
        """Run `ticker` often; it returns whether it did anything."""
        self._tickers.append(ticker)

    def open(self, *, pool: Pool, publish: Publish, exclusive: asyncio.Lock, metrics: Metrics) -> None:
        """These are the connections; call it before anything else happens."""
        self._pool, self._publish, self._exclusive, self._metrics = pool, publish, exclusive, metrics

    @contextlib.asynccontextmanager
    async def round_of_timers(self) -> AsyncIterator[Round]:
        """Inside it timers save events as pending; they are published when it ends, before any batch is taken.

        Where it fails half-way, what may have been saved is published before anything else happens: so the facts of a
        complaint are on the log in the order in which they were decided.
        """
        async with self._exclusive:
            round_ = Round()
            try:
                yield round_
            except BaseException:
                self.unpublished = True
                raise
            if round_.saved:
                self.unpublished = True
                self._crash.reached("timer_saved")
            await self.publish_unpublished()

    async def publish_unpublished(self) -> None:
        """Publish what rounds have saved; call it with `exclusive` held."""
        while self.unpublished:
            self.unpublished = bool(await publish_pending(self._pool, self._schema, self._publish, self._crash))

    async def run(self, observe: Callable[[], None]) -> None:
        """Tick for ever; `observe` is called first each time. Failures of the kind "not now" are waited out."""
        attempt = 0
        while True:
            try:
                observe()
                did = await self._tick()
                attempt = 0
                await asyncio.sleep(0 if did else TICK_S if self._tickers else OBSERVE_S)
            except UNSTORABLE:
                raise
            except (NotNow, KafkaError, *TRANSIENT) as error:
                attempt += 1
                self._metrics.count(names.PUT_OFF, ("timers", type(error).__name__))
                log.warning("timers put off", attempt=attempt, **told(error))
                await asyncio.sleep(self._retry.delay_s(attempt))

    async def _tick(self) -> bool:
        if self.unpublished:
            async with self._exclusive:
                await self.publish_unpublished()
        return any([await ticker() for ticker in self._tickers])
