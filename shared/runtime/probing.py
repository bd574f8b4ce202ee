"""Asks database and broker whether they are there: what makes readiness true while nothing else is asked of them."""

import asyncio
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
        self.away: tuple[str, ...] = ()

    async def run(self) -> None:
        """Ask for ever."""
        while True:
            answers = await asyncio.gather(*(self._answers(ask) for ask in self._asked.values()))
            away = tuple(name for name, answered in zip(self._asked, answers, strict=True) if not answered)
            if away != self.away:
                log.warning("parts are away" if away else "all parts are back", away=away)
            self.away = away
            await asyncio.sleep(self._every_s)

    async def _answers(self, ask: Callable[[], Awaitable[None]]) -> bool:
        try:
            async with asyncio.timeout(self._timeout_s):
                await ask()
        except AWAY:
            return False
        return True

    async def _ask_database(self) -> None:
        async with self._pool.acquire() as conn:
            await conn.execute("SELECT 1")
