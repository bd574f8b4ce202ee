"""A real PostgreSQL server of our own: loopback only, with a password, its data kept for as long as it runs."""

import asyncio
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from deploy.embedded.errors import CannotStart, ended, ended_or_not_ready
from deploy.embedded.ports import LOOPBACK, free_port
from deploy.embedded.postgres_install import Installation, installation
from deploy.embedded.processes import POLL_S, Child, spawn, tail
from deploy.servers import postgres_url

SUPERUSER: Final = "postgres"
START_TIMEOUT_S: Final = 60.0
START_TRIES_MAX: Final = 20
RETRY_S: Final = 0.25
_STATUS_LINE: Final = 7  # of postmaster.pid


class PostgresServer:
    """One server on data of its own below `home`, a directory that another user can pass through.

    Without `port` a free one is chosen, and kept over restarts. `fsync=False` only where the machine's crash is no
    matter (tests); a killed server loses nothing either way.
    """

    def __init__(
        self,
        home: Path,
        *,
        log_file: Path,
        port: int | None = None,
        fsync: bool = True,
        shared_buffers_mb: int = 256,
        connections_max: int = 80,
    ) -> None:
        self.port = port or free_port()
        self.password = secrets.token_urlsafe(24)
        self._home = home
        self._data = home / "data"
        self._log_file = log_file
        self._fsync = fsync
        self._shared_buffers_mb = shared_buffers_mb
        self._connections_max = connections_max
        self._installation: Installation | None = None
        self._child: Child | None = None
        self._spent_s = 0.0

    async def start(self) -> None:
        """Start on the data there is (made at the first start) and wait until it takes connections."""
        found = self._installation
        if found is None:
            found = await asyncio.to_thread(installation, self._home / "install")
            await asyncio.to_thread(self._initialise, found)
            self._installation = found
        for attempt in range(1, START_TRIES_MAX + 1):
            self._child = self._spawn(found)
            if await self._is_ready(self._child):
                return
            if attempt == START_TRIES_MAX or not self._may_pass(self._child):
                raise ended_or_not_ready("postgres", status=self._child.exit_status, log_tail=self._child.log_tail())
            await asyncio.sleep(RETRY_S)

    async def stop(self) -> None:
        """End it in order: open connections are cut, everything is on disk."""
        if self._child:
            self._spent_s = self.cpu_s()
            await self._child.stop(with_signal=signal.SIGINT, timeout_s=30)
            self._child = None

    async def kill(self) -> None:
        """SIGKILL to all its processes; `start` recovers the data."""
        if self._child:
            self._spent_s = self.cpu_s()
            await self._child.kill()
            self._child = None

    async def discard(self) -> None:
        """End it; its data goes with its `home`."""
        await self.stop()

    async def restart(self, *, kill: bool = False) -> None:
        """End it (in order, or by SIGKILL) and start it again on its data, at the same port."""
        await (self.kill() if kill else self.stop())
        await self.start()

    @property
    def pid(self) -> int:
        """Of the server's first process; raises where it does not run."""
        return self._running().pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._running().exit_status

    def url(
        self, database: str = "postgres", *, user: str = SUPERUSER, password: str | None = None, port: int | None = None
    ) -> str:
        """How to connect: without a password, as the superuser; by `port` where something stands in between."""
        secret = self.password if password is None else password
        return postgres_url(database, user=user, password=secret, port=port or self.port)

    def cpu_s(self) -> float:
        """Processor time of all its processes since the first start."""
        return self._spent_s + (self._child.cpu_s() if self._child else 0.0)

    def pss_bytes(self) -> int:
        """Memory of all its processes."""
        return self._running().pss_bytes()

    def log_tail(self, lines_max: int = 20) -> str:
        """The last lines that it wrote."""
        return tail(self._log_file, lines_max)

    def _running(self) -> Child:
        if self._child is None:
            raise CannotStart("postgres_not_running", zh="PostgreSQL 未启动", en="PostgreSQL is not running")
        return self._child

    def _initialise(self, found: Installation) -> None:
        account = found.account
        self._data.mkdir(mode=0o700)
        read, write = os.pipe()
        try:
            os.write(write, self.password.encode() + b"\n")
            os.close(write)
            if account:
                os.chown(self._data, account.uid, account.gid)
                os.fchown(read, account.uid, account.gid)
            done = subprocess.run(
                [
                    found.bin / "initdb",
                    f"--pgdata={self._data}",
                    f"--username={SUPERUSER}",
                    "--auth=scram-sha-256",
                    f"--pwfile=/dev/fd/{read}",  # a pipe: the password is never in a file or on a command line
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-sync",
                    "--no-instructions",
                ],
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                pass_fds=[read],
                check=False,
                cwd="/",
                capture_output=True,
                timeout=START_TIMEOUT_S,
            )
        finally:
            os.close(read)
        if done.returncode != 0:
            raise ended("initdb", status=done.returncode, log_tail=done.stderr.decode(errors="replace")[-2000:])

    def _spawn(self, found: Installation) -> Child:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": self._connections_max,
            "shared_buffers": f"{self._shared_buffers_mb}MB",
            "fsync": "on" if self._fsync else "off",
            "jit": "off",  # our statements are short: compiling them costs more than it gives
            "wal_level": "minimal",  # nobody replicates it
            "max_wal_size": "4GB",  # few checkpoints: each makes every page be written whole once more
            "checkpoint_timeout": "30min",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_parameter_max_length_on_error": 0,  # parameters may be personal
            "log_error_verbosity": "terse",  # so may the details of an error: they quote rows
            "max_wal_senders": 0,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return spawn(
            "postgres",
            [str(found.bin / "postgres"), "-D", str(self._data), *options],
            log_file=self._log_file,
            cwd=Path("/"),
            account=found.account,
            when_orphaned=signal.SIGQUIT,  # unlike SIGKILL it lets the server take its own children with it
        )

    async def _is_ready(self, child: Child) -> bool:
        """Wait for the server's word that it takes connections; false where it ends, or the time is up."""
        until = time.monotonic() + START_TIMEOUT_S
        while child.exit_status is None and time.monotonic() < until:
            lines = await asyncio.to_thread(self._status_lines)
            if len(lines) > _STATUS_LINE and lines[0] == str(child.pid) and lines[_STATUS_LINE].strip() == "ready":
                return True
            await asyncio.sleep(POLL_S)
        return False

    def _status_lines(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _may_pass(self, child: Child) -> bool:
        """Whether trying again can help: children of a killed server linger for a moment."""
        return child.exit_status is not None and "shared memory block" in child.log_tail()
