"""What a service gives the pipeline."""

from collections.abc import Sequence
from typing import Any, Protocol

from shared.database import Connection
from shared.pipeline.records import Outgoing, RawRecord, Record


class Handler(Protocol):
    """Decides about events of the log, in one transaction per call that the pipeline opens and commits.

    `reads`: types that are decoded and handled; all others are passed over by their header.
    `owns`: types this service publishes; ignored when they come back, adopted where the store lost them.
    `moves_with_save`: the position moves in the transaction of `handle` (for a service that publishes nothing).
    """

    reads: frozenset[str]
    owns: frozenset[str]
    moves_with_save: bool

    async def handle(self, conn: Connection, records: Sequence[Record]) -> Sequence[Outgoing]:
        """Load, decide, save; returns what is stored and so has to be on the log."""
        ...

    async def adopt(self, conn: Connection, records: Sequence[Record]) -> None:
        """Take in own events that the store may not know; those it knows change nothing."""
        ...


class Reading(Protocol):
    """How raw records become what a handler takes. Services on the log use `LogReading`; intake brings its own."""

    def read(self, raw: RawRecord) -> Any:
        """The record's content; `PASSED` to pass it over; raises Undecodable or Stopped."""
        ...
