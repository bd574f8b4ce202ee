"""Whether services tell the truth while what they stand on is away: not ready, yet alive."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import httpx
from msgspec import Struct

from deploy.embedded.environment import SERVICES
from tests.faults.catalogue import LONGER_THAN_EVERY_TIMEOUT_S, Fault
from tests.faults.stack import ProxiedStack

POLL_S: Final = 0.2


class Truth(Struct):
    """After how many seconds each service said that it is not ready, and how often one did not say that it is alive."""

    unready_after_s: dict[str, float]
    not_alive: int = 0
    asked: int = 0


def concerned(fault: Fault) -> Sequence[str]:
    """Services that have to say that they are not ready."""
    if fault.seconds < LONGER_THAN_EVERY_TIMEOUT_S[0] or fault.target in SERVICES:
        return ()
    if fault.target in ("kafka", "postgres"):
        return SERVICES
    return (fault.target.partition("-")[0],)


@asynccontextmanager
async def listening(stack: ProxiedStack, services: Sequence[str]) -> AsyncIterator[Truth]:
    """Ask `services` often, and see what they say."""
    truth, loop = Truth({}), asyncio.get_running_loop()
    began = loop.time()
    async with httpx.AsyncClient(timeout=5) as client:
        tasks = [asyncio.create_task(_ask(client, stack.url(one), one, truth, began)) for one in services]
        try:
            yield truth
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _ask(client: httpx.AsyncClient, url: str, service: str, truth: Truth, began: float) -> None:
    while True:
        try:
            alive = (await client.get(f"{url}/health/live")).status_code == httpx.codes.OK
            ready = (await client.get(f"{url}/health/ready")).status_code == httpx.codes.OK
        except httpx.TransportError:
            alive, ready = False, True
        truth.asked += 1
        truth.not_alive += not alive
        if not ready:
            truth.unready_after_s.setdefault(service, asyncio.get_running_loop().time() - began)
        await asyncio.sleep(POLL_S)
