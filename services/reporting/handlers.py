"""What reporting does with every kind of event: archive it and project it, in the transaction that moves the position."""

from collections.abc import Sequence

from services.reporting.store import Store
from shared.database import Connection
from shared.events.registry import EVENTS
from shared.pipeline.records import Outgoing, Record


class ReportingHandler:
    """Takes in every known event of the log; publishes nothing."""

    reads = frozenset(EVENTS)
    owns: frozenset[str] = frozenset()
    moves_with_save = True

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle(self, conn: Connection, records: Sequence[Record]) -> Sequence[Outgoing]:
        """Archive and project; what was seen before changes nothing."""
        await self._store.save(conn, records)
        return ()

    async def adopt(self, conn: Connection, records: Sequence[Record]) -> None:
        """Reporting has no events of its own to adopt."""
