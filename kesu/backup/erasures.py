"""Erasures on record: in a backup's own list and on the log; a restore destroys again what they name."""

import gzip
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import asyncpg
import msgspec

from kesu.backup.files import whole
from shared.database import Connection
from shared.events.intake import CustomerErased
from shared.events.registry import decode, type_of
from shared.log.access import Brokers
from shared.log.ends import log_ends, partitions_of, reading, stretch
from shared.log.headers import TYPE, header
from shared.saved import CONTROL
from shared.vault import Erasure
from shared.vault_restored import erase_again

ROWS_MAX: Final = 5_000
ERASED: Final = type_of(CustomerErased)
# Whose keys are destroyed, up to which version.
_IN_VAULT = """
SELECT customer_id::text, max(version), max(erased_at) FROM vault.customer_keys
WHERE wrapped IS NULL GROUP BY customer_id
"""


async def write_list(conn: Connection, path: Path) -> None:
    """What the vault says, inside the caller's transaction, into a file of lines."""
    encode = msgspec.json.Encoder().encode
    with whole(path) as out, gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=0) as lines:
        async for row in conn.cursor(_IN_VAULT, prefetch=ROWS_MAX):
            lines.write(encode(Erasure(*row)) + b"\n")


def read_list(path: Path) -> Iterator[Erasure]:
    """The erasures in such a file."""
    decode_line = msgspec.json.Decoder(Erasure).decode
    with gzip.open(path, "rb") as lines:
        yield from map(decode_line, lines)


async def on_log(brokers: Brokers) -> AsyncIterator[list[Erasure]]:
    """The erasures on the log."""
    tps = await partitions_of(brokers, [CONTROL])
    async with reading(brokers, tps) as consumer:
        first = await consumer.beginning_offsets(tps)
        for tp, end in (await log_ends(brokers, tps)).items():
            async for raws in stretch(consumer, tp, first=first[tp], end=end):
                events = [decode(raw.value or b"") for raw in raws if header(raw.headers, TYPE) == ERASED]
                yield [Erasure(e.customer_id, e.key, e.occurred_at) for e in events if isinstance(e, CustomerErased)]


async def erase_all_on_record(database_url: str, brokers: Brokers, listed: Iterable[Erasure] = ()) -> int:
    """Destroy every key that is there although its erasure is listed or on the log; returns how many these were."""
    conn = await asyncpg.connect(database_url)
    try:
        again, rest = 0, iter(listed)
        while some := list(islice(rest, ROWS_MAX)):
            again += await _erase(conn, some)
        async for erasures in on_log(brokers):
            again += await _erase(conn, erasures)
        return again
    finally:
        await conn.close()


async def _erase(conn: Connection, erasures: Sequence[Erasure]) -> int:
    """One customer may be named several times: the last version counts."""
    newest: dict[str, Erasure] = {}
    for erasure in erasures:
        if erasure.customer_id not in newest or erasure.key > newest[erasure.customer_id].key:
            newest[erasure.customer_id] = erasure
    return await erase_again(conn, list(newest.values())) if newest else 0
