"""One server in a container, its data on a volume of its own: started, ended, killed, frozen, and what it costs."""

import asyncio
import contextlib
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from docker.errors import APIError, NotFound
from docker.models.containers import Container
from docker.types import LogConfig
from msgspec import Struct
from testcontainers.core.container import DockerContainer

from deploy.containers.engine import engine, labels, require_engine, sweep_once
from deploy.embedded.errors import CannotStart, ended_or_not_ready
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.processes import family, pss_of

POLL_S: Final = 0.1
START_TIMEOUT_S: Final = 90.0
STOP_TIMEOUT_S: Final = 30
LOG_LINES_MAX: Final = 2_000
NANOSECONDS: Final = 1e9
_T = TypeVar("_T")


class Shape(Struct, frozen=True, kw_only=True):
    """What the engine is asked for. `ports`: inside → on the loopback interface; empty on the host's network.

    `data` is where the volume goes, `mounts` are files or directories of ours shown read-only (ours → inside).
    """

    image: str
    data: str
    env: Mapping[str, str]
    ports: Mapping[int, int]
    command: Sequence[str] = ()
    mounts: Mapping[Path, str] = {}
    shm_bytes: int | None = None


class ServerContainer(ABC):
    """A container that is made at the first `start` and started again after `stop` and `kill`, until `discard`.

    The engine's calls block, so each runs in a thread of its own, one at a time.
    """

    def __init__(self, name: str, *, host_network: bool) -> None:
        self.name = name
        self.volume = f"kesu-{name}-{secrets.token_hex(6)}"  # the container is called the same
        self._host_network = host_network
        self._container: Container | None = None
        self._runs = False
        self._spent_s = 0.0
        self._turn = threading.Lock()

    async def start(self) -> None:
        """Start it on the data there is, and wait until it answers; raises CannotStart."""
        await self._call(self._launch)
        self._runs = True
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until and (await self._call(self._status)) is None:
            if await self._answers():
                return
            await asyncio.sleep(POLL_S)
        status = await self._call(self._status)
        raise ended_or_not_ready(self.name, status=status, log_tail=await self._call(self.log_tail))

    async def stop(self) -> None:
        """End it in order; its data stays."""
        if self._runs:
            self._spent_s = self.cpu_s()
            await self._call(lambda: self._made().stop(timeout=STOP_TIMEOUT_S))
            self._runs = False

    async def kill(self) -> None:
        """SIGKILL to all its processes; its data stays."""
        if self._runs:
            self._spent_s = self.cpu_s()
            await self._call(lambda: _kill(self._made()))
            self._runs = False

    async def restart(self, *, kill: bool = False) -> None:
        """End it (in order, or by SIGKILL) and start it again on its data, at the same ports."""
        await (self.kill() if kill else self.stop())
        await self.start()

    async def pause(self) -> None:
        """Freeze all its processes: connections stay open, and nothing answers."""
        await self._call(lambda: self._made().pause())

    async def unpause(self) -> None:
        """Let them go on."""
        await self._call(lambda: self._made().unpause())

    async def discard(self) -> None:
        """Remove it with its volume, whatever state it is in, even where making it failed half-way."""
        self._runs = False
        await self._call(self._remove)

    @property
    def pid(self) -> int:
        """Of its first process, as the machine counts (for `nsenter`); raises CannotStart where it does not run."""
        return int(self._state()["Pid"])

    @property
    def exit_status(self) -> int | None:
        """None while it runs; raises CannotStart where it was ended by us or never started."""
        self._running()
        return self._status()

    def cpu_s(self) -> float:
        """Processor time of all its processes since the first start, by the engine's own account."""
        if not self._runs or self._status() is not None:
            return self._spent_s
        usage = self._made().stats(stream=False, one_shot=True)["cpu_stats"]["cpu_usage"]["total_usage"]
        return self._spent_s + float(usage) / NANOSECONDS

    def pss_bytes(self) -> int:
        """Memory of all its processes; the caller must be allowed to look at them."""
        return pss_of(family(self.pid))

    def log_tail(self, lines_max: int = 20) -> str:
        """The last lines that it wrote, over all its starts."""
        if self._container is None:
            return ""
        return bytes(self._container.logs(tail=min(lines_max, LOG_LINES_MAX))).decode(errors="replace").rstrip()

    async def read(self, path: str) -> bytes:
        """A file inside it; raises RuntimeError where there is none."""
        return await self._output("cat", path)

    async def run(self, *command: str) -> str:
        """Run a program inside it and return what it printed; raises RuntimeError where it fails."""
        return (await self._output(*command)).decode(errors="replace")

    @abstractmethod
    def _shape(self) -> Shape:
        """What to make."""

    @abstractmethod
    async def _answers(self) -> bool:
        """Whether it takes work now."""

    def _launch(self) -> None:
        if self._container is None:
            self._make(self._shape())
        else:
            self._container.start()

    def _make(self, shape: Shape) -> None:
        sweep_once()
        require_engine(shape.image)
        engine().client.volumes.create(self.volume, labels=labels())
        made = DockerContainer(shape.image, name=self.volume, env=dict(shape.env))
        made.ports = {str(inside): (LOOPBACK, ours) for inside, ours in shape.ports.items()}  # type: ignore[misc]
        made.with_volume_mapping(self.volume, shape.data, "rw")
        for path, inside in shape.mounts.items():
            made.with_volume_mapping(str(path), inside, "ro")
        if shape.command:
            made.with_command(list(shape.command))
        made.with_kwargs(
            network="host" if self._host_network else "bridge",
            labels=labels(),
            shm_size=shape.shm_bytes,
            log_config=LogConfig(type="json-file", config={"max-size": "20m", "max-file": "2"}),
        )
        self._container = made.start().get_wrapped_container()

    def _remove(self) -> None:
        client = engine().client
        with contextlib.suppress(NotFound):  # by name: a start that failed has made it, and told us nothing
            client.containers.get(self.volume).remove(force=True, v=True)
        with contextlib.suppress(NotFound):
            client.volumes.get(self.volume).remove(force=True)
        self._container = None

    def _made(self) -> Container:
        if self._container is None:
            raise CannotStart(f"{self.name}_not_running", zh=f"{self.name} 未启动", en=f"{self.name} is not running")
        return self._container

    def _running(self) -> Container:
        if not self._runs:
            raise CannotStart(f"{self.name}_not_running", zh=f"{self.name} 未启动", en=f"{self.name} is not running")
        return self._made()

    def _state(self) -> dict[str, Any]:
        container = self._running()
        container.reload()
        return dict(container.attrs["State"])

    def _status(self) -> int | None:
        state = self._state()
        return None if state["Running"] else int(state["ExitCode"])

    async def _output(self, *command: str) -> bytes:
        done = await self._call(lambda: self._running().exec_run(list(command), demux=True))
        out, err = done.output
        if done.exit_code != 0:
            said = bytes(err or out or b"").decode(errors="replace")[-2_000:]
            raise RuntimeError(f"{self.name}: {command[0]} ended with status {done.exit_code}: {said}")
        return bytes(out or b"")

    async def _call(self, work: Callable[[], _T]) -> _T:
        def in_turn() -> _T:
            with self._turn:  # a call that was cancelled goes on in its thread: what follows waits for its end
                return work()

        return await asyncio.to_thread(in_turn)


def _kill(container: Container) -> None:
    with contextlib.suppress(APIError):  # it has just ended by itself
        container.kill()
    container.wait(timeout=STOP_TIMEOUT_S)
