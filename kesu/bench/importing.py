"""How fast a file comes in: a CSV of 100,000 generated complaints through `kesu import`."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kesu.bench.servers import MakeStack
from kesu.generator import generate
from kesu.importing.mapping_files import load_mapping
from kesu.importing.run import Job, import_file
from kesu.importing.sink import KafkaSink
from shared.clock import SystemClock
from shared.events.submissions import ComplaintSubmission
from shared.log.producer import LogProducer

ROWS: Final = 100_000
COLUMNS: Final = ("id", "created_at", "operator", "text", "dialogue", "satisfaction", "text_en")


async def measure_import(make_stack: MakeStack, *, seed: int, rows: int = ROWS) -> float:
    """Rows per second from the file to the broker's acknowledgement."""
    with TemporaryDirectory(prefix="kesu-bench-") as directory:
        path = Path(directory) / "complaints.csv"
        _write(path, rows, seed=seed)
        async with make_stack() as stack:
            producer = LogProducer(
                brokers=stack.brokers,
                source="/kesu/import",
                clock=SystemClock(),
                idempotent=stack.broker.idempotent,
            )
            await producer.start()
            try:
                job = Job(path=path, loaded=load_mapping("telecom_zh"), report=Path(directory) / "report.ndjson")
                summary = await import_file(job, KafkaSink(producer), SystemClock(), watch=lambda read: None)
            finally:
                await producer.stop()
        if summary.sent != rows:
            raise RuntimeError(f"{summary.sent} of {rows} rows were sent: {summary.codes}")
        return rows / summary.seconds


def _write(path: Path, rows: int, *, seed: int) -> None:
    start, written = datetime(2026, 1, 5, tzinfo=UTC), 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for made in generate(rows * 2, seed=seed, start=start, span=timedelta(days=30), facts=False):
            if written == rows:
                break
            if isinstance(made.submission, ComplaintSubmission) and not made.truth.duplicate:
                written += 1
                writer.writerow((written, made.at.isoformat(), "中国电信", made.submission.text, "", "", ""))
