"""The sealed words of complaints, kept as they were received, so that a decision about them can be explained."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from shared.database import Connection
from shared.events.envelope import Sealed
from shared.events.intake import ComplaintReceived

# Keep the words of these complaints; what is kept stays as it is.
_KEEP: Final = """
INSERT INTO routing.words (complaint_id, event_id, customer_id, key, box)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::bytea[]) ON CONFLICT (complaint_id) DO NOTHING
"""
# The words of one complaint.
_OF: Final = "SELECT event_id::text, customer_id::text, key, box FROM routing.words WHERE complaint_id = $1"


class SealedWords(Struct, frozen=True):
    """What the vault needs to open the words of a complaint."""

    customer_id: str
    event_id: str
    sealed: Sealed


async def keep_words(conn: Connection, received: Sequence[ComplaintReceived]) -> None:
    """Keep the sealed parts of what was received, once per complaint."""
    by_complaint = {event.complaint_id: (event, event.sealed) for event in reversed(received) if event.sealed}
    if not by_complaint:
        return
    events, sealed = zip(*by_complaint.values(), strict=True)
    await conn.execute(
        _KEEP, list(by_complaint), [one.id for one in events], [one.customer_id for one in events],
        [one.key for one in sealed], [one.box for one in sealed],
    )  # fmt: skip


async def words_of(conn: Connection, complaint_id: str) -> SealedWords | None:
    """The sealed words of a complaint; None where it came without, or before they were kept."""
    row = await conn.fetchrow(_OF, complaint_id)
    if row is None:
        return None
    return SealedWords(row["customer_id"], row["event_id"], Sealed(key=row["key"], box=row["box"]))
