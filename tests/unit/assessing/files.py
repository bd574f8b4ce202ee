"""A file of rows, assessed: the lines that are written for it, and the summary."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from kesu.assessing.opened import Opened
from kesu.assessing.run import Assessor, Summary, assess
from services.routing.policy.pack import Pack, load_pack
from shared.events.intake import Channel

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@cache
def pack() -> Pack:
    return load_pack()


def assessed(
    folder: Path, content: str | bytes, *, channel: Channel | None = None, encoding: str = "utf-8", name: str = "rows"
) -> tuple[list[dict[str, Any]], Summary]:
    """What `content` comes out as: a line for every row."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    written: list[bytes] = []
    opened = Opened(str(path), encoding=encoding)
    try:
        summary = assess(
            opened, Assessor(pack(), now=NOW, channel=channel), write=written.append, watch=lambda rows, read: None
        )
    finally:
        opened.source.close()
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in written)
    return [json.loads(line) for line in written], summary


def ndjson(*rows: dict[str, Any]) -> str:
    """Rows as a file."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
