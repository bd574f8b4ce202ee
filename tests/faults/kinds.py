"""The faults: what is done to whom, for how long, and how it is undone whatever happens meanwhile."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import httpx
from msgspec import Struct

from deploy.embedded.environment import SERVICES
from tests.faults.ground import LONGER_THAN_ALL_S, Centre, Server
from tests.faults.network import packet_loss
from tests.faults.proxy import Proxy

Kind: TypeAlias = Literal[
    "kill", "kill server", "server away", "partition", "cut", "packet loss", "bandwidth", "latency", "freeze",
    "second instance", "restart",
]  # fmt: skip
NARROW_BYTES_S: Final = 60_000.0
LATE_S: Final = 0.08
LOSS: Final = 0.08
A_WHILE_S: Final = 4.0
READY_TRUTH_WITHIN_S: Final = 5.0
DRAIN_S_MAX: Final = 10.0


class Fault(Struct, frozen=True):
    """`kind` is done to `target` (a service, "kafka", "postgres", or "service kafka": that service's way there)."""

    kind: Kind
    target: str


class Told(Struct):
    """One fault as it went: when it began, how long it took, how long a drain took, and what was not true meanwhile."""

    fault: Fault
    seconds: float = 0.0
    drain_s: float = 0.0
    untrue: tuple[str, ...] = ()


async def inject(fault: Fault, centre: Centre) -> Told:
    """Do it, wait as long as it lasts, undo it."""
    began, told = time.monotonic(), Told(fault)
    await _HOW[fault.kind](centre, fault.target, told)
    told.seconds = time.monotonic() - began
    return told


async def _kill(centre: Centre, target: str, _told: Told) -> None:
    await centre.restart_service(target, kill=True)


async def _kill_server(centre: Centre, target: str, _told: Told) -> None:
    server = centre.broker if target == "kafka" else centre.postgres
    await server.restart(kill=True)


async def _server_away(centre: Centre, target: str, told: Told) -> None:
    """Nothing comes through from any service, for longer than every timeout; readiness says so, liveness stays."""
    ways = centre.all_ways(_server(target))
    try:
        for way in ways:
            way.freeze()
        told.untrue = await _says_the_truth(centre, away=True)
        await asyncio.sleep(LONGER_THAN_ALL_S)
    finally:
        for way in ways:
            way.as_before()
    told.untrue += await _says_the_truth(centre, away=False)


async def _partition(centre: Centre, target: str, _told: Told) -> None:
    async with _way(centre, target) as way:
        way.freeze()
        await asyncio.sleep(LONGER_THAN_ALL_S)


async def _cut(centre: Centre, target: str, _told: Told) -> None:
    async with _way(centre, target) as way:
        way.cut()
        await asyncio.sleep(A_WHILE_S)


async def _packet_loss(centre: Centre, target: str, _told: Told) -> None:
    pid = (centre.broker if target == "kafka" else centre.postgres).pid
    async with packet_loss(pid, LOSS):
        await asyncio.sleep(A_WHILE_S)


async def _bandwidth(centre: Centre, target: str, _told: Told) -> None:
    def narrow(way: Proxy) -> None:
        way.bytes_per_s = NARROW_BYTES_S

    await _for_a_while(centre.all_ways(_server(target)), narrow)


async def _latency(centre: Centre, target: str, _told: Told) -> None:
    def slow(way: Proxy) -> None:
        way.latency_s = LATE_S

    await _for_a_while(centre.all_ways(_server(target)), slow)


async def _for_a_while(ways: Sequence[Proxy], disturb: Callable[[Proxy], None]) -> None:
    try:
        for way in ways:
            disturb(way)
        await asyncio.sleep(A_WHILE_S)
    finally:
        for way in ways:
            way.as_before()


async def _freeze(centre: Centre, target: str, _told: Told) -> None:
    """The first instance stands still while a second one takes over, and wakes when the group has gone on without it."""
    await centre.start_service(target, instance=2)
    pid = centre.services[target].child.pid
    centre.frozen.add(target)
    try:
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(LONGER_THAN_ALL_S)
    finally:
        os.kill(pid, signal.SIGCONT)
        await asyncio.sleep(0.5)
        centre.frozen.discard(target)
    await centre.services[target].ready()
    await centre.stop_service(target, instance=2)


async def _second_instance(centre: Centre, target: str, _told: Told) -> None:
    """One more comes, the first is killed and comes again, the second goes."""
    await centre.start_service(target, instance=2)
    await centre.restart_service(target, kill=True)
    await centre.stop_service(target, instance=2)


async def _restart(centre: Centre, target: str, told: Told) -> None:
    """SIGTERM under load: it drains in time and ends well; then it comes again."""
    began = time.monotonic()
    status = await centre.stop_service(target)
    told.drain_s = time.monotonic() - began
    if status != 0 or told.drain_s > DRAIN_S_MAX:
        told.untrue = (f"{target} ended with {status} after {told.drain_s:.1f} s",)
    await centre.start_service(target)


async def _says_the_truth(centre: Centre, *, away: bool) -> tuple[str, ...]:
    """Services whose readiness does not become what it must within the time; each must be alive."""
    wanted, until = (503 if away else 200), time.monotonic() + READY_TRUTH_WITHIN_S * (1 if away else 4)
    wrong: dict[str, str] = {}
    async with httpx.AsyncClient(timeout=2) as http:
        while time.monotonic() < until:
            wrong = {}
            for name in SERVICES:
                try:
                    live = await http.get(f"{centre.url(name)}/health/live")
                    ready = await http.get(f"{centre.url(name)}/health/ready")
                except httpx.HTTPError as error:
                    wrong[name] = f"{name} does not answer: {type(error).__name__}"
                    continue
                if (live.status_code, ready.status_code) != (200, wanted):
                    wrong[name] = f"{name} says live {live.status_code}, ready {ready.status_code} instead of {wanted}"
            if not wrong:
                return ()
            await asyncio.sleep(0.1)
    return tuple(wrong.values())


@contextlib.asynccontextmanager
async def _way(centre: Centre, target: str) -> AsyncIterator[Proxy]:
    service, _, server = target.partition(" ")
    way = centre.ways[service, _server(server)]
    try:
        yield way
    finally:
        way.as_before()


def _server(target: str) -> Server:
    assert target in ("kafka", "postgres")
    return "kafka" if target == "kafka" else "postgres"


_HOW: Final[Mapping[Kind, Callable[[Centre, str, Told], Awaitable[None]]]] = {
    "kill": _kill, "kill server": _kill_server, "server away": _server_away, "partition": _partition, "cut": _cut,
    "packet loss": _packet_loss, "bandwidth": _bandwidth, "latency": _latency, "freeze": _freeze,
    "second instance": _second_instance, "restart": _restart,
}  # fmt: skip
