"""How far a service has come: what operators and the virtual clock's driver look at."""

from datetime import datetime

from msgspec import Struct


class Progress(Struct, kw_only=True):
    """How far a service has read and written, as `topic:partition` → next offset; `busy` while work is under way."""

    service: str
    now: datetime
    read: dict[str, int]
    written: dict[str, int]
    read_through: dict[str, datetime]
    busy: bool
    handled: int
    dead: int
    next_due: datetime | None = None
    paused: list[str] = []  # taken up, but not fetched just now
