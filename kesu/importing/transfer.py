"""Takes the rows of a file to the sink: read or refused, in batches, and counted once they are acknowledged."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

from kesu.importing.findings import Refusal
from kesu.importing.progress import Position, Progress
from kesu.importing.reading import LineReader, RowReader
from kesu.importing.repeats import Repeats
from kesu.importing.report import Report
from kesu.importing.rows import BadRow, Row, Rows
from kesu.importing.sink import Sink
from shared.clock import Clock
from shared.events.submissions import Submission

COMPLAINT: Final = "kesu.submission.complaint.v1"
BATCH_ROWS: Final = 1_000


class Transfer:
    """Reads rows and sends them, one batch on its way while the next is read."""

    def __init__(self, reader: RowReader | LineReader, report: Report, start: Position) -> None:
        self._reader = reader
        self._report = report
        self._start = start
        self._repeats = Repeats()
        self._codes: Counter[str] = Counter(start.codes)
        self._offset, self._line = start.offset, start.line
        self._rows, self._sent = start.rows, start.sent
        self._on_its_way: asyncio.Task[None] | None = None

    async def all(
        self, rows: Rows, sink: Sink, clock: Clock, *, watch: Callable[[], None], progress: Progress | None
    ) -> None:
        """Everything from the start's position to the end of the file."""
        for bad in rows.before if not self._start.line else ():
            self._refuse(bad.refusal, bad)
        if self._start.line:
            rows.go_on_from(offset=self._start.offset, line=self._start.line)
        try:
            await self._read_and_send(rows, sink, clock, watch=watch, progress=progress)
        finally:
            if self._on_its_way and not self._on_its_way.done():
                await asyncio.wait({self._on_its_way})  # what is acknowledged must count as sent

    async def _read_and_send(
        self, rows: Rows, sink: Sink, clock: Clock, *, watch: Callable[[], None], progress: Progress | None
    ) -> None:
        batch: list[tuple[str, Submission, datetime]] = []
        now = clock.now()
        for row in rows:
            if (submission := self._take(row)) is not None:
                batch.append((COMPLAINT, submission, now))
            if len(batch) >= BATCH_ROWS:
                await self._send(batch, sink, progress)
                watch()
                batch, now = [], clock.now()
        await self._send(batch, sink, progress)
        if self._on_its_way:
            await self._on_its_way
        watch()

    async def _send(self, batch: list[tuple[str, Submission, datetime]], sink: Sink, progress: Progress | None) -> None:
        """Send a batch once the one before is acknowledged; its position counts when it is acknowledged itself."""
        if self._on_its_way:
            await self._on_its_way
        self._sent += len(batch)
        position = self.position()

        async def sent() -> None:
            await sink.send(batch)
            if progress:
                progress.save(position)

        self._on_its_way = asyncio.create_task(sent())
        await asyncio.sleep(0)

    def position(self, *, done: bool = False) -> Position:
        """How far the reading is."""
        return Position(
            key=self._start.key, offset=self._offset, line=self._line, rows=self._rows, sent=self._sent,
            codes=dict(self._codes), report_bytes=self._report.flushed_bytes(), done=done,
        )  # fmt: skip

    def about_the_file(self, *, swapped: str, doubtful: int, marks: int) -> None:
        """What is to be said about the file as a whole."""
        found = {
            "dates_swapped_repaired": doubtful if swapped == "repair" else 0,
            "dates_swapped_kept": doubtful if swapped == "keep" else 0,
            "byte_order_mark": marks,
            "repeats_unchecked": self._repeats.unchecked_rows,
        }
        for code, rows in found.items():
            if rows:
                self._codes[code] = rows
                self._report.found(code, rows=rows)

    def _take(self, row: Row | BadRow) -> Submission | None:
        if isinstance(row, BadRow):
            self._refuse(row.refusal, row)
            return None
        read = self._reader.read(row.values)
        if isinstance(read, Refusal):
            self._refuse(read, row)
            return None
        if code := self._repeats.code_of(read.submission.source_id, row.values):
            self._refuse(Refusal(code), row)
            return None
        self._count(row)
        for note in read.notes:
            self._codes[note.code] += 1
            self._report.noted(note, row=self._rows, line=row.line)
        return read.submission

    def _refuse(self, refusal: Refusal, row: Row | BadRow) -> None:
        self._count(row)
        self._codes[refusal.code] += 1
        self._report.refused(refusal, row=self._rows, line=row.line, last_line=row.last_line)

    def _count(self, row: Row | BadRow) -> None:
        self._rows += 1
        self._offset, self._line = row.end, row.last_line
