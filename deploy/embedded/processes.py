"""A child process that cannot outlive this one: started, stopped, killed, and what it costs."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import psutil
from msgspec import Struct

POLL_S: Final = 0.01
KILL_TIMEOUT_S: Final = 10.0
_PR_SET_PDEATHSIG: Final = 1


class Account(Struct, frozen=True):
    """The operating system's user that a child runs as, where it is not our own."""

    uid: int
    gid: int


class Child:
    """One running process with a log file; ends when it is told to, and at the latest when this process does."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log_file: Path) -> None:
        self.name = name
        self.log_file = log_file
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll()

    async def stop(self, *, with_signal: signal.Signals = signal.SIGTERM, timeout_s: float = 15) -> int:
        """Ask it to end and wait; kill it where it does not. Returns the exit status."""
        if self.exit_status is None:
            self._process.send_signal(with_signal)
            with contextlib.suppress(TimeoutError):
                return await self.ended(timeout_s=timeout_s)
        return await self.kill()

    async def kill(self) -> int:
        """SIGKILL to it and to all its descendants, at once."""
        family = list(self._family())
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        status = await self.ended(timeout_s=KILL_TIMEOUT_S)
        until = time.monotonic() + KILL_TIMEOUT_S
        while not all(map(_is_gone, family)) and time.monotonic() < until:
            await asyncio.sleep(POLL_S)
        return status

    async def ended(self, *, timeout_s: float) -> int:
        """Wait for its end; raises TimeoutError."""
        until = time.monotonic() + timeout_s
        while (status := self.exit_status) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.name} still runs after {timeout_s} s")
            await asyncio.sleep(POLL_S)
        return status

    def cpu_s(self) -> float:
        """User and system time of it and its descendants so far, those that ended and were waited for included."""
        total = 0.0
        for one in self._family():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
        return total

    def pss_bytes(self) -> int:
        """Memory of it and its descendants, pages shared with others counted in proportion."""
        return pss_of(self._family())

    def log_tail(self, lines_max: int = 20) -> str:
        """The last lines of its log."""
        return tail(self.log_file, lines_max)

    def _family(self) -> Iterator[psutil.Process]:
        if self.exit_status is None:
            yield from family(self.pid)


def spawn(
    name: str,
    command: Sequence[str],
    *,
    log_file: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    when_orphaned: signal.Signals = signal.SIGKILL,
) -> Child:
    """Start `command`; what it writes goes to `log_file`. The kernel sends it `when_orphaned` when we die.

    The kernel watches the *thread* that spawns: call it from the main thread. The child has a session of its own, so
    that Ctrl-C reaches only us and we end our children in order.
    """
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with(os.getpid(), when_orphaned),  # noqa: PLW1509 - it calls two functions of the kernel
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    return Child(name, process, log_file)


def tail(log_file: Path, lines_max: int = 20) -> str:
    """The last lines of a log; nothing where there is none."""
    with contextlib.suppress(OSError):
        return "\n".join(log_file.read_text(errors="replace").splitlines()[-lines_max:])
    return ""


def family(pid: int) -> Iterator[psutil.Process]:
    """The process and its descendants, as far as they still live."""
    with contextlib.suppress(psutil.NoSuchProcess):
        head = psutil.Process(pid)
        yield head
        yield from head.children(recursive=True)


def pss_of(processes: Iterable[psutil.Process]) -> int:
    """Their memory in bytes, pages shared with others counted in proportion."""
    total = 0
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += one.memory_full_info().pss
    return total


def _is_gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE  # dead; whoever inherited it has not looked yet
    except psutil.NoSuchProcess:
        return True


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _die_with(parent: int, number: signal.Signals) -> Callable[[], None]:
    prctl = _libc().prctl  # looked up before the fork: a child of a threaded process must not import or allocate much

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return arrange
