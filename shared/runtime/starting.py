"""Starting while other parts may still be starting, and giving it up when told to."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from aiokafka.errors import KafkaError
from structlog import get_logger

from shared.database import TRANSIENT
from shared.errors import NotNow
from shared.retry import Retry
from shared.telemetry import names, told
from shared.telemetry.metrics import Metrics

PAUSES: Final = Retry(first_s=0.1, max_s=2)
log = get_logger(__name__)
T = TypeVar("T")


class ToldToStop(Exception):
    """SIGTERM came before the service had started."""


async def patiently(connect: Callable[[], Awaitable[T]], ended: asyncio.Event) -> T:
    """Try to `connect` until it succeeds, with growing pauses; raises ToldToStop when `ended` is set meanwhile."""
    attempt = 0
    while True:
        attempt += 1
        try:
            return await unless_told_to_stop(connect(), ended)
        except (NotNow, KafkaError, *TRANSIENT) as error:
            log.info("waiting for a part that is not there yet", **told(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), PAUSES.delay_s(attempt))


async def kept_up(work: Callable[[], Awaitable[None]], retry: Retry, metrics: Metrics) -> None:
    """Run `work`, and begin it again after a pause where it fails for now; returns when it does."""
    attempt = 0
    while True:
        try:
            return await work()
        except (NotNow, KafkaError, *TRANSIENT) as error:
            attempt += 1
            metrics.count(names.PUT_OFF, ("work alongside", type(error).__name__))
            log.warning("work alongside put off", attempt=attempt, **told(error))
            await asyncio.sleep(retry.delay_s(attempt))


def cut_short() -> None:
    """Draining has taken all the time it has: end here. Nothing is lost, as after any crash."""
    log.error("draining took too long, cut short")
    os._exit(1)


async def unless_told_to_stop(work: Awaitable[T], ended: asyncio.Event) -> T:
    """Connecting and joining may take longer than a supervisor waits for an end: raises ToldToStop once `ended` is set."""
    working, told_to = asyncio.ensure_future(work), asyncio.create_task(ended.wait())
    try:
        await asyncio.wait((working, told_to), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ToldToStop
        return await working
    finally:
        working.cancel()
        told_to.cancel()
