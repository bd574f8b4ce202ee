"""Asks database and broker whether they are there: what makes readiness true while nothing else is asked of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from aiokafka.errors import KafkaError
from structlog import get_logger

from shared.database import TRANSIENT, Pool
from shared.errors import NotNow
from shared.log.producer import LogProducer

log = get_logger(__name__)
AWAY: Final[tuple[type[BaseException], ...]] = (NotNow, KafkaError, *TRANSIENT)


class Probing:
    """`away` names the parts that did not answer within `timeout_s` when last asked, every `every_s` seconds."""

    def __init__(self, *, pool: Pool, producer: LogProducer, every_s: float, timeout_s: float) -> None:
        self._pool = pool
        self._asked: dict[str, Callable[[], Awaitable[None]]] = {"database": self._ask_database, "kafka": producer.ask}
        self._every_s = every_s
        self._timeout_s = timeout_s
        self._called_off: dict[str, asyncio.Future[None]] = {}
        self.away: tuple[str, ...] = ()
        self.kafka_answers_since_s = time.time()  # as long as it does not, this is now

    async def run(self) -> None:
        """Ask for ever."""
        while True:
            answers = await asyncio.gather(*map(self._answers, self._asked))
            away = tuple(name for name, answered in zip(self._asked, answers, strict=True) if not answered)
            if away != self.away:
                log.warning("parts are away" if away else "all parts are back", away=away)
            self.away = away
            if "kafka" in away:
                self.kafka_answers_since_s = time.time()
            await asyncio.sleep(self._every_s)

    async def _answers(self, name: str) -> bool:
        """A question without an answer is called off, but not waited for: calling off can take as long as asking."""
        if name in self._called_off:
            return False
        asking = asyncio.ensure_future(self._asked[name]())
        try:
            await asyncio.wait((asking,), timeout=self._timeout_s)
        except asyncio.CancelledError:
            asking.cancel()
            raise
        if not asking.done():
            self._called_off[name] = asking
            asking.add_done_callback(lambda done: self._settle(name, done))
            asking.cancel()
            return False
        return self._settle(name, asking)

    def _settle(self, name: str, asking: "asyncio.Future[None]") -> bool:
        """Whether it was answered; raises what is not "away"."""
        self._called_off.pop(name, None)
        if asking.cancelled() or isinstance(asking.exception(), AWAY):
            return False
        asking.result()
        return True

    async def _ask_database(self) -> None:
        async with self._pool.acquire() as conn:
            await conn.execute("SELECT 1")
