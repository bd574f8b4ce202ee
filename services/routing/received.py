"""Complaints as they were received, words sealed: kept to explain decisions about them, and to decide again."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from shared.database import Connection
from shared.events.envelope import Sealed
from shared.events.intake import ComplaintReceived
from shared.events.registry import decode
from shared.pipeline.records import Record

# Keep what was received; what is kept stays as it is.
_KEEP: Final = """
INSERT INTO routing.received (complaint_id, body) SELECT * FROM unnest($1::uuid[], $2::bytea[])
ON CONFLICT (complaint_id) DO NOTHING
"""
# What was received of one complaint.
_OF: Final = "SELECT body FROM routing.received WHERE complaint_id = $1"


class SealedWords(Struct, frozen=True):
    """What the vault needs to open the words of a complaint."""

    customer_id: str
    event_id: str
    sealed: Sealed


async def keep_received(conn: Connection, records: Sequence[Record]) -> None:
    """Keep the complaints among `records`, once each, the first of equals."""
    bodies = {r.event.complaint_id: r.value for r in reversed(records) if isinstance(r.event, ComplaintReceived)}
    if bodies:
        await conn.execute(_KEEP, list(bodies), list(bodies.values()))


async def received_of(conn: Connection, complaint_id: str) -> ComplaintReceived | None:
    """What was received of a complaint; None where nothing is kept."""
    body = await conn.fetchval(_OF, complaint_id)
    event = decode(body) if body is not None else None
    return event if isinstance(event, ComplaintReceived) else None


async def words_of(conn: Connection, complaint_id: str) -> SealedWords | None:
    """The sealed words of a complaint; None where it came without, or nothing is kept."""
    event = await received_of(conn, complaint_id)
    return SealedWords(event.customer_id, event.id, event.sealed) if event is not None and event.sealed else None
