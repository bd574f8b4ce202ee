"""Readiness tells the truth, also of a service that has nothing to do; it is alive all the while."""

import asyncio
import time
from typing import Any

import httpx

from deploy.embedded.broker import Broker
from deploy.embedded.ports import free_ports
from deploy.embedded.run_dir import RunDir
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Between, Ground
from tests.component.pipeline.echo import EchoHandler, create

QUICK: Any = {"probe_every_s": 0.1, "probe_timeout_s": 0.5}
SOON_S = 5.0


async def _says(port: int) -> tuple[int, int, tuple[str, ...]]:
    """(status of live, status of ready, what is missing)."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=2) as http:
        live, ready = await asyncio.gather(http.get("/health/live"), http.get("/health/ready"))
    return live.status_code, ready.status_code, tuple(ready.json()["missing"])


async def _comes_to_say(port: int, wanted: tuple[int, int, tuple[str, ...]]) -> None:
    until = time.monotonic() + SOON_S
    while (said := await _says(port)) != wanted:
        assert time.monotonic() < until, f"{said} instead of {wanted}"
        await asyncio.sleep(0.05)


async def test_an_idle_service_notices_that_the_broker_is_away_and_that_it_is_back(between: Between) -> None:
    """No batch fails, as there is none: it asks."""
    await stand.make_schema(between.url, "echo")
    (port,) = free_ports(1)
    service = create("echo", stand.settings(between.bootstrap, between.url, http_port=port, **QUICK))
    async with stand.running(service):
        await _comes_to_say(port, (200, 200, ()))
        await between.proxy.cut()
        await _comes_to_say(port, (200, 503, ("kafka",)))
        await between.proxy.open()
        await _comes_to_say(port, (200, 200, ()))


async def test_before_the_broker_is_there_it_is_alive_and_says_that_it_starts(
    broker: Broker, url: str, run_dir: RunDir
) -> None:
    """Whoever asks for more than its health is told to come again, in his language."""
    await stand.make_schema(url, "echo")
    await broker.stop()
    (port,) = free_ports(1)
    service = create("echo", stand.settings(broker.bootstrap, url, http_port=port, **QUICK))
    task = asyncio.create_task(service.run())
    await asyncio.sleep(0.2)
    await _comes_to_say(port, (200, 503, ("starting",)))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=2) as http:
        answer = await http.get("/internal/progress", headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "starting", "2")
    assert answer.json()["title"] == "The service is starting; try again later"
    service._ended.set()
    assert await asyncio.wait_for(task, 15) == 0


async def test_told_to_stop_it_is_no_longer_ready(ground: Ground) -> None:
    """A load balancer sends nothing more to an instance that drains."""
    await stand.make_schema(ground.url, "echo")
    (port,) = free_ports(1)
    handler = EchoHandler("echo")
    service = create("echo", stand.settings(ground.bootstrap, ground.url, http_port=port, **QUICK), handler=handler)
    async with stand.running(service) as task:
        assert service.missing() == ()
        service._ended.set()
        assert service.missing() == ("stopping",)
        assert await asyncio.wait_for(task, 15) == 0
