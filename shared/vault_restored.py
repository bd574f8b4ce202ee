"""The vault after a restore: keys it lost are taken in again, and keys that were destroyed stay destroyed."""

from collections.abc import Iterable, Sequence

from shared.database import Connection
from shared.vault import Erasure, WrappedKey

# All keys of these customers.
_ALL = """
SELECT customer_id::text, version, wrapped FROM vault.customer_keys
WHERE customer_id = ANY($1::uuid[]) AND wrapped IS NOT NULL
"""
# Keys the vault may have lost; one that is there, or was destroyed, stays as it is.
_TAKE_IN = """
INSERT INTO vault.customer_keys (customer_id, version, wrapped)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::bytea[]) ON CONFLICT (customer_id, version) DO NOTHING
"""
# Destroyed keys that the vault never had: so that nobody looks for them, or brings them in.
_REMEMBER = """
INSERT INTO vault.customer_keys (customer_id, version, wrapped, erased_at)
SELECT erased.customer_id, version, NULL, erased.at
FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS erased (customer_id, upto, at), generate_series(1, erased.upto) AS version
ON CONFLICT (customer_id, version) DO NOTHING
"""
# Keys that are there although they were destroyed (an older backup brought them back).
_RETURNED = """
SELECT DISTINCT k.customer_id::text FROM vault.customer_keys k
JOIN unnest($1::uuid[], $2::int[]) AS erased (customer_id, upto) ON k.customer_id = erased.customer_id AND k.version <= erased.upto
WHERE k.wrapped IS NOT NULL
"""
# Destroy them again.
_DESTROY_AGAIN = """
UPDATE vault.customer_keys k SET wrapped = NULL, erased_at = erased.at
FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS erased (customer_id, upto, at)
WHERE k.customer_id = erased.customer_id AND k.version <= erased.upto AND k.wrapped IS NOT NULL
"""


async def keys_of(conn: Connection, customer_ids: Iterable[str]) -> list[WrappedKey]:
    """The keys of these customers that were not destroyed."""
    rows = await conn.fetch(_ALL, sorted(set(customer_ids)))
    return [WrappedKey(r["customer_id"], r["version"], r["wrapped"]) for r in rows]


async def take_in_keys(conn: Connection, keys: Sequence[WrappedKey]) -> int:
    """Keep keys the vault may have lost; returns how many it had. Destroyed ones stay destroyed."""
    tag = await conn.execute(_TAKE_IN, [k.customer_id for k in keys], [k.key for k in keys], [k.wrapped for k in keys])
    return int(tag.rpartition(" ")[2])


async def remember_erasures(conn: Connection, erasures: Sequence[Erasure]) -> list[str]:
    """Note destroyed keys the vault never had; returns the customers whose destroyed keys it has all the same."""
    ids, versions = [e.customer_id for e in erasures], [e.key for e in erasures]
    await conn.execute(_REMEMBER, ids, versions, [e.at for e in erasures])
    return [row[0] for row in await conn.fetch(_RETURNED, ids, versions)]


async def erase_again(conn: Connection, erasures: Sequence[Erasure]) -> int:
    """Destroy, as the vault's owner, keys that an older backup brought back; returns how many."""
    await remember_erasures(conn, erasures)
    columns = [e.customer_id for e in erasures], [e.key for e in erasures], [e.at for e in erasures]
    return int((await conn.execute(_DESTROY_AGAIN, *columns)).rpartition(" ")[2])
