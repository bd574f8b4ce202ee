"""Answers given under an Idempotency-Key, kept so that the same request is answered the same."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from shared.database import Connection

# What was answered under these keys.
_ANSWERED: Final = """
SELECT channel, key, fingerprint, answer FROM intake.idempotency
WHERE (channel, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
"""
# Keep answers; the count tells whether another process answered under one of the keys meanwhile.
_KEEP: Final = """
INSERT INTO intake.idempotency (channel, key, fingerprint, answer, answered_at)
SELECT *, $5::timestamptz FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[])
ON CONFLICT (channel, key) DO NOTHING
"""
# Keys that may be used anew.
_FORGET: Final = "DELETE FROM intake.idempotency WHERE answered_at < $1"


class Claim(Struct, frozen=True):
    """A request's right to be answered once: its channel, its key, and the fingerprint of what it asks."""

    channel: str
    key: str
    fingerprint: bytes


class Raced(Exception):
    """Another process answered under the same key since we looked: start the transaction again."""


async def answered(conn: Connection, claims: Iterable[Claim]) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    """Fingerprint and answer by (channel, key), for those claims whose key was used before."""
    asked = list(claims)
    if not asked:
        return {}
    rows = await conn.fetch(_ANSWERED, [c.channel for c in asked], [c.key for c in asked])
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


async def keep(conn: Connection, given: Sequence[tuple[Claim, bytes]], *, at: datetime) -> None:
    """Keep answers to claims; raises Raced where one was answered meanwhile."""
    if not given:
        return
    rows = sorted(given, key=lambda row: (row[0].channel, row[0].key))
    tag = await conn.execute(
        _KEEP,
        [claim.channel for claim, _ in rows],
        [claim.key for claim, _ in rows],
        [claim.fingerprint for claim, _ in rows],
        [answer for _, answer in rows],
        at,
    )
    if int(tag.rpartition(" ")[2]) < len(rows):
        raise Raced


async def forget(conn: Connection, before: datetime) -> None:
    """Forget answers older than `before`."""
    await conn.execute(_FORGET, before)
