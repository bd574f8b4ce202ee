"""Copies of the data of stopped containers, and putting them back: the plainest backup there is."""

import asyncio
import shutil
import subprocess
from pathlib import Path

from deploy.containers.container import ServerContainer
from deploy.containers.engine import engine


async def copied(server: ServerContainer, to: Path) -> None:
    """The data of `server`, which must not run, into the new folder `to`."""
    await asyncio.to_thread(_copy, _folder(server), to)


async def put_back(server: ServerContainer, copy: Path) -> None:
    """Let `server`, which must not run, find `copy` as its data."""
    folder = _folder(server)
    for path in folder.iterdir():
        await asyncio.to_thread(shutil.rmtree, path) if path.is_dir() else path.unlink()
    await asyncio.to_thread(_copy, copy, folder)


def cannot(server: ServerContainer) -> str:
    """Why the engine's volumes cannot be copied here; empty where they can."""
    try:
        next(_folder(server).iterdir(), None)
    except OSError as error:
        return f"volumes cannot be read: {error.strerror}"
    return ""


def _folder(server: ServerContainer) -> Path:
    return Path(engine().client.volumes.get(server.volume).attrs["Mountpoint"])


def _copy(one: Path, other: Path) -> None:
    other.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{one}/.", str(other)], check=True)  # with owners, which shutil would not keep
