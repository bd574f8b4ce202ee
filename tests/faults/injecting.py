"""Makes a fault happen and ends it again, whatever comes in between."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from deploy.embedded.environment import SERVICES
from tests.faults import network
from tests.faults.catalogue import SERVERS, Fault, Kind, Server
from tests.faults.proxy import FREE, Way
from tests.faults.stack import ProxiedStack

SECOND: Final = 2  # the number of the instance that comes and goes
MOVED_ON_S: Final = 0.5  # both instances run for so long after the first one woke up


class Injection:
    """Injects into one stack. `drained` hears how long each orderly end took."""

    def __init__(self, stack: ProxiedStack, *, drained: Callable[[float], None]) -> None:
        self._stack = stack
        self._drained = drained

    async def inject(self, fault: Fault, *, healing: Callable[[], None]) -> None:
        """Let `fault` happen; `healing` is called when it ends: from then on Kesu is to recover."""
        async with self._on(fault):
            await asyncio.sleep(fault.seconds)
            healing()

    def _on(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        if fault.target in SERVICES:
            return self._on_service(fault.kind, fault.target)
        return self._on_server(fault) if fault.target in SERVERS else self._on_link(fault)

    def _on_service(self, kind: Kind, name: str) -> AbstractAsyncContextManager[None]:
        match kind:
            case "kill":
                return self._killed_service(name)
            case "drain":
                return self._drained_service(name)
            case "freeze":
                return self._frozen_service(name)
            case "zombie":
                return self._zombie(name)
            case "join_and_leave" | "join_and_die":
                return self._second(name, kill=kind == "join_and_die")
            case _:
                raise ValueError(f"{kind} does not happen to a service")

    def _on_server(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        match fault.kind:
            case "kill":
                return self._killed_server(fault.target)
            case "freeze":
                return self._frozen_server(fault.target)
            case "loss":
                return network.losing(self._stack.server(fault.target).pid, share=fault.amount)
            case "narrow":
                return network.narrowed(self._stack.server(fault.target).pid, kbit_per_s=int(fault.amount))
            case "away":
                return self._away(fault.target, Way(passing="blackhole"))
            case "gone":
                return self._away(fault.target, Way(passing="cut"))
            case _:
                raise ValueError(f"{fault.kind} does not happen to a server")

    def _on_link(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        match fault.kind:
            case "cut" | "blackhole" | "half_open":
                return self._link(fault.target, Way(passing=fault.kind))
            case "latency":
                return self._link(fault.target, Way(latency_s=fault.amount, jitter_s=fault.amount))
            case "bandwidth":
                return self._link(fault.target, Way(bytes_per_s=fault.amount))
            case _:
                raise ValueError(f"{fault.kind} does not happen on the way to a server")

    @asynccontextmanager
    async def _killed_service(self, name: str) -> AsyncIterator[None]:
        await self._stack.kill_service(name)
        try:
            yield
        finally:
            await self._stack.start_service(name)

    @asynccontextmanager
    async def _drained_service(self, name: str) -> AsyncIterator[None]:
        await self._stop(name)
        try:
            yield
        finally:
            await self._stack.start_service(name)

    @asynccontextmanager
    async def _killed_server(self, name: str) -> AsyncIterator[None]:
        server = self._stack.server(name)
        await server.kill()
        try:
            yield
        finally:
            await server.start()

    @asynccontextmanager
    async def _frozen_server(self, name: str) -> AsyncIterator[None]:
        server = self._stack.server(name)
        await server.pause()
        try:
            yield
        finally:
            await server.unpause()

    @asynccontextmanager
    async def _frozen_service(self, name: str) -> AsyncIterator[None]:
        pid = self._stack.services[name].child.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @asynccontextmanager
    async def _zombie(self, name: str) -> AsyncIterator[None]:
        """The first instance freezes while a second one is there, and wakes up when the group has moved on."""
        async with self._second(name, kill=False):
            async with self._frozen_service(name):
                yield
            await asyncio.sleep(MOVED_ON_S)

    @asynccontextmanager
    async def _second(self, name: str, *, kill: bool) -> AsyncIterator[None]:
        await self._stack.start_service(name, instance=SECOND)
        try:
            yield
        finally:
            if kill:
                await self._stack.kill_service(name, instance=SECOND)
            else:
                await self._stop(name, instance=SECOND)

    @asynccontextmanager
    async def _away(self, name: str, way: Way) -> AsyncIterator[None]:
        server: Server = "kafka" if name == "kafka" else "postgres"
        await self._stack.set_all(server, way)
        try:
            yield
        finally:
            await self._stack.set_all(server, FREE)

    @asynccontextmanager
    async def _link(self, target: str, way: Way) -> AsyncIterator[None]:
        service, _, name = target.partition("-")
        proxy = self._stack.link(service, "kafka" if name == "kafka" else "postgres")
        await proxy.set(way)
        try:
            yield
        finally:
            await proxy.set(FREE)

    async def _stop(self, name: str, *, instance: int = 1) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        status = await self._stack.stop_service(name, instance=instance)
        self._drained(loop.time() - began)
        assert status == 0, f"{name} ended with {status} when told to stop"
