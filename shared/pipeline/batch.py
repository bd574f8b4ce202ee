"""One batch from the log to the log: decode, decide and save, publish, move on; in that order, each safe to repeat."""

from collections.abc import Sequence
from typing import Any

from aiokafka import TopicPartition

from shared.clock import Clock
from shared.database import Pool
from shared.errors import Impossible, Undecodable
from shared.log.producer import LogProducer
from shared.pipeline.ceiling import Ceiling
from shared.pipeline.crash import CrashPoints
from shared.pipeline.dead_letters import DeadLetters
from shared.pipeline.handler import Handler, Reading
from shared.pipeline.positions import Positions
from shared.pipeline.records import Outgoing, RawRecord


class BatchPipeline:
    """Takes batches for one handler. Any exception but those it settles leaves everything as it was before."""

    def __init__(
        self, *, handler: Handler, reading: Reading, own: Reading, pool: Pool, producer: LogProducer, positions: Positions,
        dead_letters: DeadLetters, ceiling: Ceiling, clock: Clock, crash: CrashPoints, elsewhere: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._handler = handler
        self._reading = reading
        self._own = own
        self._pool = pool
        self._producer = producer
        self._positions = positions
        self._dead_letters = dead_letters
        self._ceiling = ceiling
        self._clock = clock
        self._crash = crash
        self._elsewhere = frozenset(elsewhere)
        self.handled = 0
        self.dead = 0

    async def take(self, raws: Sequence[RawRecord], to: dict[TopicPartition, int], letters: list[Outgoing]) -> bool:
        """Settle `raws` and move to `to`; `letters` are dead letters found before. False: nothing in it was for us."""
        records = self._read(self._reading, raws, letters)
        if not records and not letters:
            return False
        if self._handler.moves_with_save:
            await self._save_and_move(records, to, letters)
        else:
            await self._save_publish_move(records, to, letters)
        self.handled += len(records)
        self.dead += len(letters)
        return True

    async def move(self, to: dict[TopicPartition, int]) -> None:
        """Move the position, and where own events go elsewhere, how far they are known (all that is written was saved)."""
        written = {tp: end for tp, end in self._producer.ends.items() if tp.topic in self._elsewhere}
        async with self._pool.acquire() as conn:
            await self._positions.move(conn, to | written, self._clock.now())

    async def adopt(self, raws: Sequence[RawRecord]) -> None:
        """Give the handler own events of the log that its store may have lost."""
        records = self._read(self._own, raws, [])
        if records:
            async with self._pool.acquire() as conn, conn.transaction():
                await self._handler.adopt(conn, records)

    def _read(self, reading: Reading, raws: Sequence[RawRecord], letters: list[Outgoing]) -> list[Any]:
        records, read = [], reading.read
        for raw in raws:
            try:
                record = read(raw)
            except Undecodable as error:
                self._bury(raw, error.code, error.detail, letters)
            else:
                if record is not None:
                    records.append(record)
        self._ceiling.good(len(records))
        return records

    def _bury(self, raw: Any, code: str, detail: str, letters: list[Outgoing]) -> None:
        letters.append(self._dead_letters.of(raw, code=code, detail=detail, at=self._clock.now()))
        self._ceiling.dead()

    async def _handle(
        self, records: list[Any], letters: list[Outgoing], to: dict[TopicPartition, int] | None = None
    ) -> Sequence[Outgoing]:
        """One transaction, which also moves the position where `to` is given (then dead letters are published before).

        A record that can never work is taken out and the rest tried again.
        """
        published = 0
        while True:
            if to is not None:
                await self._producer.publish(letters[published:])
                published = len(letters)
            try:
                async with self._pool.acquire() as conn, conn.transaction():
                    saved = await self._handler.handle(conn, records) if records else ()
                    if to is not None:
                        await self._positions.move(conn, to, self._clock.now())
                return saved
            except Impossible as error:
                records.remove(error.record)
                self._bury(_raw(error.record), error.code, error.detail, letters)

    async def _save_and_move(self, records: list[Any], to: dict[TopicPartition, int], letters: list[Outgoing]) -> None:
        await self._handle(records, letters, to)
        self._crash.reached("moved")

    async def _save_publish_move(
        self, records: list[Any], to: dict[TopicPartition, int], letters: list[Outgoing]
    ) -> None:
        saved = await self._handle(records, letters)
        self._crash.reached("saved")
        await self._producer.publish([*letters, *saved])
        self._crash.reached("published")
        await self.move(to)
        self._crash.reached("moved")


def _raw(record: Any) -> RawRecord:
    """The raw record behind a handler's record: itself, or what it was read from."""
    if isinstance(record, RawRecord):
        return record
    raw = getattr(record, "raw", None)
    if isinstance(raw, RawRecord):
        return raw
    return RawRecord(record.topic, record.partition, record.offset, record.timestamp_ms, None, record.value, ())
