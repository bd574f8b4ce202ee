"""Where the embedded stack of this user is running, so that another command of the same machine finds it."""

import fcntl
import os
import tempfile
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

FILE: Final = "where.json"


class Whereabouts(Struct, frozen=True, kw_only=True):
    """How to reach a running stack; holds passwords, so its file is readable by its owner alone."""

    database_url: str
    kafka_bootstrap: str
    master_key_file: str
    clock_file: str | None
    http: dict[str, str]


def running(parent: Path | None = None) -> list[Whereabouts]:
    """The stacks of this user that are running now, oldest first."""
    try:
        home = (parent or Path(tempfile.gettempdir())) / f"kesu-{os.getuid()}"
    except FileNotFoundError:  # nothing can be written here, so nothing runs here
        return []
    found = sorted(home.glob(f"run-*/{FILE}"), key=lambda file: file.stat().st_mtime)
    return [msgspec.json.decode(file.read_bytes(), type=Whereabouts) for file in found if _in_use(file.parent)]


def _in_use(directory: Path) -> bool:
    """Whether its owner still holds the lock."""
    try:
        lock = os.open(directory / "in-use.lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
