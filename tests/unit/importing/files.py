"""What the importer's tests share: small files and mappings, and a sink that remembers."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from kesu.importing.mapping_files import load_mapping
from kesu.importing.report import Entry
from kesu.importing.run import Job, Summary, import_file
from kesu.importing.sink import Sink
from shared.clock import SystemClock
from shared.errors import NotNow
from shared.events.submissions import ComplaintSubmission, Submission

MAPPING = """
about: {zh: 测试, en: test}
source: test
fields:
  source_id: "{no}"
  channel: {from: "{via}", values: {phone: hotline, net: web}}
  text: "{words}"
  customer.phone: "{phone}"
"""
HEADER = "no,via,words,phone\n"


class Remembering:
    """A sink that keeps what it was sent; from batch `away_from` on it is away, until told otherwise."""

    def __init__(self, away_from: int | None = None) -> None:
        self.batches: list[list[Submission]] = []
        self.away_from = away_from

    async def send(self, batch: Sequence[tuple[str, Submission, datetime]]) -> None:
        if self.away_from is not None and len(self.batches) >= self.away_from:
            raise NotNow("the broker is away")
        assert {type_ for type_, _, _ in batch} <= {"kesu.submission.complaint.v1"}
        self.batches.append([submission for _, submission, _ in batch])

    @property
    def sent(self) -> list[ComplaintSubmission]:
        return [one for batch in self.batches for one in batch if isinstance(one, ComplaintSubmission)]


def job(
    tmp_path: Path, content: str | bytes, *, mapping: str = MAPPING, resume: bool = True, name: str = "in.csv"
) -> Job:
    """The job of importing a file with that content."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    written = tmp_path / "mapping.yaml"
    written.write_text(mapping, "utf-8")
    return Job(path=path, loaded=load_mapping(str(written)), report=tmp_path / "report.ndjson", resume=resume)


def run(one: Job, sink: Sink | None = None) -> Summary:
    """Do the job."""
    return asyncio.run(import_file(one, sink or Remembering(), SystemClock(), watch=lambda _: None))


def report_of(one: Job) -> list[Entry]:
    """The report's lines."""
    return [msgspec.json.decode(line, type=Entry) for line in one.report.read_bytes().splitlines()]
