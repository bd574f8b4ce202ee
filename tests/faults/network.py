"""Losing packets and narrowing the line inside a container's own network; needs root, and is always undone."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

PROGRAMS: Final = ("nsenter", "iptables", "tc")
BURST: Final = "32kbit"
QUEUE_WAIT: Final = "400ms"


def cannot() -> str:
    """Why networks of containers cannot be disturbed here; empty where they can."""
    if os.geteuid() != 0:
        return "packet loss needs root"
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


@asynccontextmanager
async def losing(pid: int, *, share: float) -> AsyncIterator[None]:
    """Of the packets that come in and go out in the network of process `pid`, `share` is lost."""
    rules = [
        (chain, "-m", "statistic", "--mode", "random", "--probability", f"{share}", "-j", "DROP")
        for chain in ("INPUT", "OUTPUT")
    ]
    try:
        for rule in rules:
            await _inside(pid, "iptables", "-A", *rule)
        yield
    finally:
        for rule in rules:
            with contextlib.suppress(RuntimeError):
                await _inside(pid, "iptables", "-D", *rule)


@asynccontextmanager
async def narrowed(pid: int, *, kbit_per_s: int) -> AsyncIterator[None]:
    """What goes out of the network of process `pid` goes at most so fast."""
    shape = ("tbf", "rate", f"{kbit_per_s}kbit", "burst", BURST, "latency", QUEUE_WAIT)
    try:
        await _inside(pid, "tc", "qdisc", "add", "dev", "eth0", "root", *shape)
        yield
    finally:
        with contextlib.suppress(RuntimeError):
            await _inside(pid, "tc", "qdisc", "del", "dev", "eth0", "root")


async def _inside(pid: int, *command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "nsenter", "-t", str(pid), "-n", *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[0]}: {said.decode(errors='replace').strip()}")
