"""Customers' keys beside the log: put there before "accepted" is said, and taken in again by a database that lost them."""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from services.intake import store
from shared.clock import Clock
from shared.database import Pool
from shared.log import customer_keys
from shared.log.ends import cluster_id, log_ends, partitions_of, reading, stretch
from shared.pipeline.positions import Positions
from shared.pipeline.records import Outgoing
from shared.settings import ServiceSettings
from shared.vault_restored import keys_of, take_in_keys

TOPIC: Final = customer_keys.TOPIC
_log = structlog.get_logger(__name__)


class KeyJournal:
    """The topic of keys, and how far this database knows it (a position like any other)."""

    def __init__(self, *, settings: ServiceSettings, pool: Callable[[], Pool], clock: Clock) -> None:
        self._settings = settings
        self._pool = pool
        self._clock = clock

    async def take_in(self) -> None:
        """Learn keys that were made since this database's data ends: before anything new is sealed."""
        where = self._settings.brokers
        positions = Positions(schema=store.SCHEMA, cluster=await cluster_id(where))
        tps = await partitions_of(where, [TOPIC])
        async with self._pool().acquire() as conn:
            known = await positions.load(conn, [TOPIC])
        ends = await log_ends(where, tps)
        async with reading(where, tps) as consumer:
            first = await consumer.beginning_offsets(tps)
            for tp, end in ends.items():
                async for raws in stretch(consumer, tp, first=max(first[tp], known.get(tp, 0)), end=end):
                    async with self._pool().acquire() as conn:
                        found = await take_in_keys(conn, customer_keys.keys_in(raws))
                    if found:
                        _log.warning("customer_keys_taken_in", count=found)
        async with self._pool().acquire() as conn:
            await positions.move(conn, ends, self._clock.now())

    async def of_pending(self) -> Sequence[Outgoing]:
        """The keys of whoever has events that may not be on the log yet: they go there first."""
        async with self._pool().acquire() as conn:
            customers = await store.pending_customers(conn)
            keys = await keys_of(conn, customers) if customers else []
        return [customer_keys.outgoing(key) for key in keys]
