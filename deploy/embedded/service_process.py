"""One service as a process of the embedded stack: started, waited for until it takes work, stopped or killed."""

import asyncio
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx

from deploy.embedded.errors import ended_or_not_ready
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.processes import Child, spawn

READY_TIMEOUT_S: Final = 60.0
READY_POLL_S: Final = 0.05
STOP_TIMEOUT_S: Final = 20.0


class ServiceProcess:
    """`python -m services.<name>` on `http_port`; `called` tells several of one service apart."""

    def __init__(self, name: str, *, http_port: int, log_file: Path, called: str = "") -> None:
        self.service = name
        self.name = called or name
        self.url = f"http://{LOOPBACK}:{http_port}"
        self.http_port = http_port
        self.log_file = log_file
        self._child: Child | None = None
        self._spent_s = 0.0

    def launch(self, env: Mapping[str, str]) -> None:
        """Start the process (does nothing where it runs); see `ready`. Call it from the main thread."""
        if self.exit_status is not None or self._child is None:
            self._spent_s = self.cpu_s()
            command = [sys.executable, "-m", f"services.{self.service}"]
            self._child = spawn(self.name, command, log_file=self.log_file, env=env)

    async def ready(self, *, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Wait until it says it takes work; raises CannotStart where it ends first, or the time is up."""
        child, until = self.child, time.monotonic() + timeout_s
        async with httpx.AsyncClient(base_url=self.url, timeout=5) as client:
            while child.exit_status is None and time.monotonic() < until:
                if await _says_ready(client):
                    return
                await asyncio.sleep(READY_POLL_S)
        raise ended_or_not_ready(self.name, status=child.exit_status, log_tail=child.log_tail())

    async def stop(self) -> int | None:
        """End it in order; returns the exit status, None where it did not run."""
        return await self._end(STOP_TIMEOUT_S)

    async def kill(self) -> int | None:
        """SIGKILL."""
        return await self._end(None)

    @property
    def child(self) -> Child:
        """The process; raises where it was never started."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child

    @property
    def exit_status(self) -> int | None:
        """None while it runs, or where it was never started."""
        return self._child.exit_status if self._child else None

    @property
    def is_running(self) -> bool:
        """Whether there is a process now."""
        return self._child is not None and self._child.exit_status is None

    def cpu_s(self) -> float:
        """Processor time of all its processes so far; of those that ended by themselves, only what was seen before."""
        return self._spent_s + (self._child.cpu_s() if self._child else 0.0)

    async def _end(self, stop_timeout_s: float | None) -> int | None:
        child, self._spent_s = self._child, self.cpu_s()
        if child is None:
            return None
        status = await (child.kill() if stop_timeout_s is None else child.stop(timeout_s=stop_timeout_s))
        self._child = None
        return status


async def _says_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
