"""Named SQL on routing's packs: kept whole and for ever, and which is in force for whom. Never commits."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from shared.database import Connection

# Keep a pack; the same content is kept once.
_KEEP: Final = """
INSERT INTO routing.packs (content_hash, name, body) VALUES ($1, $2, $3) ON CONFLICT (content_hash) DO NOTHING
"""
# A pack as it was kept.
_KEPT: Final = "SELECT body FROM routing.packs WHERE content_hash = $1"
# A pack comes into force for a tenant; heard twice it changes nothing.
_ACTIVATE: Final = """
INSERT INTO routing.activations (event_id, tenant, content_hash, control_offset) VALUES ($1, $2, $3, $4)
ON CONFLICT (event_id) DO NOTHING
"""
# The last activation of every tenant.
_IN_FORCE: Final = """
SELECT DISTINCT ON (tenant) tenant, content_hash, control_offset FROM routing.activations ORDER BY tenant, number DESC
"""


class Activated(Struct, frozen=True):
    """A pack in force for a tenant since `control_offset` of `kesu.control`."""

    tenant: str
    content_hash: str
    control_offset: int


async def keep_pack(conn: Connection, *, content_hash: str, name: str, body: bytes) -> None:
    """Keep a pack for ever."""
    await conn.execute(_KEEP, content_hash, name, body)


async def kept_pack(conn: Connection, content_hash: str) -> bytes | None:
    """The body of a pack; None where it was never kept."""
    body: bytes | None = await conn.fetchval(_KEPT, content_hash)
    return body


async def activate(conn: Connection, *, event_id: str, tenant: str, content_hash: str, control_offset: int) -> None:
    """Put a pack in force."""
    await conn.execute(_ACTIVATE, event_id, tenant, content_hash, control_offset)


async def in_force(conn: Connection) -> Sequence[Activated]:
    """The pack in force for each tenant that has one of its own."""
    rows = await conn.fetch(_IN_FORCE)
    return [Activated(row["tenant"], row["content_hash"], row["control_offset"]) for row in rows]
