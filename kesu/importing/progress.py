"""How far an import has come: a small file beside the report, moved on only after the broker has acknowledged."""

from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

_ENDS_BYTES: Final = 1 << 20


class Position(Struct, frozen=True, kw_only=True):
    """What belongs together: this file under this mapping to this place, and all before `offset` is there."""

    key: str
    offset: int = 0
    line: int = 0
    rows: int = 0
    sent: int = 0
    codes: dict[str, int] = {}
    report_bytes: int = 0
    done: bool = False


def key_of(path: Path, *, mapping_hash: str, source: str, tenant: str, to: str) -> str:
    """Stands for a file's content (its size, beginning and end), its mapping, and where it goes."""
    digest = blake2b(digest_size=16)
    size = path.stat().st_size
    with path.open("rb") as file:
        digest.update(file.read(_ENDS_BYTES))
        file.seek(max(0, size - _ENDS_BYTES))
        digest.update(file.read(_ENDS_BYTES))
    for part in (str(size), mapping_hash, source, tenant, to):
        digest.update(part.encode() + b"\x00")
    return digest.hexdigest()


class Progress:
    """The file `<report>.progress`."""

    def __init__(self, report: Path) -> None:
        self._path = report.with_name(f"{report.name}.progress")

    def load(self, key: str) -> Position:
        """Where to go on; the beginning where there is nothing for this `key`, or nothing readable."""
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=Position)
        except (FileNotFoundError, msgspec.DecodeError):
            return Position(key=key)
        return found if found.key == key else Position(key=key)

    def save(self, position: Position) -> None:
        """Put it down whole: a process that dies while writing leaves the position before."""
        beside = self._path.with_name(f"{self._path.name}.new")
        beside.write_bytes(msgspec.json.encode(position))
        beside.replace(self._path)
