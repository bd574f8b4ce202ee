"""One import from beginning to end: read, refuse or send in batches, and move on once the broker has acknowledged."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from msgspec import Struct

from kesu.importing.csv_rows import CsvRows
from kesu.importing.findings import REFUSED
from kesu.importing.lines import Lines, Source
from kesu.importing.mapping_files import Loaded
from kesu.importing.ndjson_rows import NdjsonRows
from kesu.importing.progress import Position, Progress, key_of
from kesu.importing.reading import LineReader, RowReader
from kesu.importing.report import Report
from kesu.importing.rows import Rows
from kesu.importing.sink import Sink
from kesu.importing.survey import survey
from kesu.importing.transfer import Transfer
from shared.clock import Clock


class Job(Struct, frozen=True, kw_only=True):
    """What to import, and where the report goes. `to` names the place the sink writes to."""

    path: Path
    loaded: Loaded
    report: Path
    source: str = ""
    tenant: str = ""
    to: str = ""
    resume: bool = True
    dry_run: bool = False


class Summary(Struct, frozen=True, kw_only=True):
    """What became of a file. `codes` counts refusals, notes and findings by their code."""

    rows: int
    sent: int
    refused: int
    codes: dict[str, int]
    went_on_from_row: int
    seconds: float
    report: str


async def import_file(job: Job, sink: Sink, clock: Clock, *, watch: Callable[[int], None]) -> Summary:
    """Import a file; `watch` is told how many of its bytes are read. Raises CannotImport, or NotNow of the sink."""
    began = monotonic()
    mapping = job.loaded.mapping
    source = Source(job.path, encoding=mapping.encoding)
    try:
        swapped, doubtful = survey(rows_of(job, Lines(source)), mapping)
        lines = Lines(source)
        rows = rows_of(job, lines)
        progress = None if job.dry_run else Progress(job.report)
        start = _start(job, progress)
        report = Report(job.report, kept_bytes=start.report_bytes)
        try:
            transfer = Transfer(_reader(job, rows, swapped=swapped == "repair"), report, start)
            if not start.done:
                await transfer.all(rows, sink, clock, watch=lambda: watch(source.read_bytes), progress=progress)
                transfer.about_the_file(swapped=swapped, doubtful=doubtful, marks=lines.marks_inside)
            done = transfer.position(done=True)
            if progress:
                progress.save(done)
        finally:
            report.close()
    finally:
        source.close()
    return _summary(job, done, went_on_from=start.rows, seconds=monotonic() - began)


def rows_of(job: Job, lines: Lines) -> Rows:
    """The rows of the job's file, by its mapping's format."""
    mapping = job.loaded.mapping
    return CsvRows(lines, mapping.columns) if mapping.format == "csv" else NdjsonRows(lines, mapping.columns)


def _reader(job: Job, rows: Rows, *, swapped: bool) -> RowReader | LineReader:
    mapping = job.loaded.mapping
    if mapping.as_is:
        return LineReader(source=job.source, tenant=job.tenant)
    return RowReader(mapping, rows.header, name=job.loaded.name, source=job.source, tenant=job.tenant, swapped=swapped)


def _start(job: Job, progress: Progress | None) -> Position:
    key = key_of(job.path, mapping_hash=job.loaded.content_hash, source=job.source, tenant=job.tenant, to=job.to)
    return progress.load(key) if progress and job.resume else Position(key=key)


def _summary(job: Job, done: Position, *, went_on_from: int, seconds: float) -> Summary:
    refused = sum(number for code, number in done.codes.items() if code in REFUSED)
    return Summary(
        rows=done.rows, sent=done.sent, refused=refused, codes=done.codes, went_on_from_row=went_on_from,
        seconds=round(seconds, 3), report=str(job.report),
    )  # fmt: skip
