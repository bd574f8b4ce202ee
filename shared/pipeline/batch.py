"""One batch from the log to the log: decode, decide and save, publish, move on; in that order, each safe to repeat."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any, TypeAlias

from aiokafka import TopicPartition

from shared.clock import Clock
from shared.database import UNSTORABLE, Pool
from shared.errors import Impossible, Undecodable
from shared.log.producer import LogProducer
from shared.pipeline.ceiling import Ceiling
from shared.pipeline.crash import CrashPoints, Point
from shared.pipeline.dead_letters import DeadLetters
from shared.pipeline.handler import Handler, Reading
from shared.pipeline.positions import Positions
from shared.pipeline.records import Outgoing, RawRecord
from shared.telemetry.opening import OFF, Telemetry
from shared.telemetry.tracing import UNTRACED

Place: TypeAlias = tuple[str, int, int]


class Batch:
    """What becomes of one batch: records still to be handled, and the dead letters it has led to."""

    def __init__(self, raws: Sequence[RawRecord], letters: list[Outgoing]) -> None:
        self.raws = raws
        self.letters = letters
        self.records: list[Any] = []
        self.trace = UNTRACED
        self._dead: set[Place] = set()

    def bury(self, raw: RawRecord, letter: Outgoing) -> None:
        """`raw` became `letter`."""
        self._dead.add(_place(raw))
        self.letters.append(letter)

    def raw_of(self, record: Any) -> RawRecord:
        """The raw record, with key and headers, that a handler's record was read from."""
        place = _place(record)
        return next(raw for raw in self.raws if _place(raw) == place)

    def fates(self) -> list[bool]:
        """Of the records that were for us, in log order: true where one became a dead letter."""
        if not self._dead:
            return [False] * len(self.records)
        alive = {_place(record) for record in self.records}
        places = map(_place, self.raws)
        return [place in self._dead for place in places if place in self._dead or place in alive]


class BatchPipeline:
    """Takes batches for one handler. Any exception but those it settles leaves everything as it was before."""

    def __init__(
        self, *, handler: Handler, reading: Reading, own: Reading, pool: Pool, producer: LogProducer, positions: Positions,
        dead_letters: DeadLetters, ceiling: Ceiling, clock: Clock, crash: CrashPoints, elsewhere: Sequence[str] = (),
        telemetry: Telemetry = OFF,
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
        self._telemetry = telemetry
        self._context_of = telemetry.tracing.context_of(foreign=bool(elsewhere))
        self.handled = 0
        self.dead = 0

    async def take(self, raws: Sequence[RawRecord], to: dict[TopicPartition, int], letters: list[Outgoing]) -> bool:
        """Settle `raws` and move to `to`; `letters` are dead letters found before. False: nothing in it was for us."""
        batch = Batch(raws, letters)
        self._read(self._reading, batch)
        if not batch.records and not letters:
            return False
        started = perf_counter()
        with self._telemetry.tracing.batch(self._traced(batch), records=len(batch.records)) as batch.trace:
            if self._handler.moves_with_save:
                await self._save_and_move(batch, to)
            else:
                await self._save_publish_move(batch, to)
        self._telemetry.metrics.settled(batch.records, seconds=perf_counter() - started)
        self._ceiling.count(batch.fates())
        self.handled += len(batch.records)
        self.dead += len(letters)
        return True

    async def move(self, to: dict[TopicPartition, int]) -> None:
        """Move the position, and where own events go elsewhere, how far they are known (all that is written was saved)."""
        written = {tp: end for tp, end in self._producer.ends.items() if tp.topic in self._elsewhere}
        async with self._pool.acquire() as conn:
            await self._positions.move(conn, to | written, self._clock.now())

    async def adopt(self, raws: Sequence[RawRecord]) -> None:
        """Give the handler own events of the log that its store may have lost."""
        batch = Batch(raws, [])
        self._read(self._own, batch)
        if batch.records:
            async with self._pool.acquire() as conn, conn.transaction():
                await self._handler.adopt(conn, batch.records)

    def _read(self, reading: Reading, batch: Batch) -> None:
        records, read = batch.records, reading.read
        for raw in batch.raws:
            try:
                record = read(raw)
            except Undecodable as error:
                self._bury(batch, raw, error.code, error.detail)
            else:
                if record is not None:
                    records.append(record)

    def _traced(self, batch: Batch) -> list[tuple[Any, str]]:
        """The records that came with a trace context (or with which a trace begins), each with it."""
        context_of = self._context_of
        contexts = {_place(raw): context for raw in batch.raws if (context := context_of(raw.headers))}
        return (
            [(one, contexts[place]) for one in batch.records if (place := _place(one)) in contexts] if contexts else []
        )

    def _bury(self, batch: Batch, raw: RawRecord, code: str, detail: str) -> None:
        batch.bury(raw, self._dead_letters.of(raw, code=code, detail=detail, at=self._clock.now()))

    async def _handle(self, batch: Batch, to: dict[TopicPartition, int], *, moves: bool = False) -> Sequence[Outgoing]:
        """One transaction, which no other instance may overtake; it `moves` the position too (dead letters go before).

        A record that can never work is taken out and the rest tried again.
        """
        published = 0
        while True:
            self._ceiling.check(batch.fates())
            if moves:
                await self._producer.publish(batch.letters[published:])
                published = len(batch.letters)
            try:
                async with self._pool.acquire() as conn, conn.transaction():
                    await self._positions.hold(conn, to)
                    saved = await self._handler.handle(conn, batch.records) if batch.records else ()
                    if moves:
                        await self._positions.move(conn, to, self._clock.now())
                return saved
            except Impossible as error:
                batch.records.remove(error.record)
                self._bury(batch, batch.raw_of(error.record), error.code, error.detail)
            except UNSTORABLE:
                unstorable = await self._unstorable(batch.records)
                if not unstorable:
                    raise
                batch.records = [record for record in batch.records if _place(record) not in unstorable]
                for raw in batch.raws:
                    if (refusal := unstorable.get(_place(raw))) is not None:
                        self._bury(batch, raw, "refused_by_the_database", refusal)

    async def _unstorable(self, records: Sequence[Any]) -> dict[Place, str]:
        """Which records hold data the database does not take, each tried alone and rolled back; place → kind of error."""
        found: dict[Place, str] = {}
        for record in records:
            async with self._pool.acquire() as conn:
                trial = conn.transaction()
                await trial.start()
                try:
                    await self._handler.handle(conn, [record])
                except UNSTORABLE as error:
                    found[_place(record)] = type(error).__name__
                except Impossible:
                    pass  # comes up again, and is settled then
                finally:
                    await trial.rollback()
        return found

    async def _save_and_move(self, batch: Batch, to: dict[TopicPartition, int]) -> None:
        await self._handle(batch, to, moves=True)
        self._reached(batch, "moved")

    async def _save_publish_move(self, batch: Batch, to: dict[TopicPartition, int]) -> None:
        saved = await self._handle(batch, to)
        self._reached(batch, "saved")
        await self._producer.publish([*batch.letters, *batch.trace.carried(saved)])
        self._reached(batch, "published")
        await self.move(to)
        self._reached(batch, "moved")

    def _reached(self, batch: Batch, point: Point) -> None:
        batch.trace.reached(point)
        self._crash.reached(point)


def _place(record: Any) -> Place:
    raw = getattr(record, "raw", record)
    return raw.topic, raw.partition, raw.offset
