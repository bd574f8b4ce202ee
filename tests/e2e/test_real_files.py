"""Real files, where they are at hand: every row becomes one complaint that is decided, planned for and seen."""

import csv
import gzip
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import msgspec
import pytest
import pytest_asyncio
from aiokafka import TopicPartition

from deploy.embedded.stack import EmbeddedStack
from kesu.demo.quiet import Quiet
from kesu.verify.run import verify
from shared.clock import SystemClock
from shared.log.ends import log_end, partitions_of, reading
from shared.log.submissions import SUBMISSIONS_TOPIC
from tests.e2e.doors import kesu, read_by

DATA = Path(os.environ.get("KESU_REAL_DATA") or Path(__file__).parents[2] / "../shared/data")
FILES = {"telecom_zh": ("telecom_zh.csv.gz", "id"), "comcast": ("comcast_dates_fixed.csv", "Ticket #")}
MISSING = [name for name, _ in FILES.values() if not (DATA / name).is_file()]
REST_TIMEOUT_S = 60
pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(bool(MISSING), reason=f"no {MISSING} in {DATA} (KESU_REAL_DATA names another folder)"),
]
# At most so many of the rows may be taken for noise, which gets no plan.
NOISE_MAX = 50
# How many are.
_NOISE = "SELECT count(*) FROM reporting.v_complaints WHERE kind = 'noise'"
# How often each complaint of a source was received, decided, and planned for (or closed at once, where it is noise).
_COURSE = """
SELECT c.source_id,
       count(*) FILTER (WHERE a.type = 'kesu.complaint.received.v1') AS received,
       count(*) FILTER (WHERE a.type = 'kesu.complaint.routed.v1') AS routed,
       count(*) FILTER (
           WHERE a.type = 'kesu.followup.planned.v1' AND c.kind <> 'noise'
              OR a.type = 'kesu.complaint.closed.v1' AND c.kind = 'noise' AND c.close_reason = 'noise'
       ) AS planned
FROM reporting.v_complaints c JOIN reporting.archive a USING (complaint_id)
WHERE c.source = $1 GROUP BY c.source_id
"""


def source_ids(file: Path, column: str) -> list[str]:
    """What the file itself names its rows."""
    whole = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return [row[column] for row in csv.DictReader(whole.decode("utf-8-sig").splitlines(keepends=True))]


async def ends_of(stack: EmbeddedStack, topic: str) -> dict[TopicPartition, int]:
    partitions = await partitions_of(stack.brokers, [topic])
    async with reading(stack.brokers, partitions) as consumer:
        return {one: await log_end(consumer, one) for one in partitions}


async def come_to_rest(stack: EmbeddedStack) -> None:
    """Intake has read what was imported, and everybody what follows from it."""
    async with httpx.AsyncClient(timeout=30) as http:
        await read_by(http, stack, "intake", await ends_of(stack, SUBMISSIONS_TOPIC))
    quiet = Quiet(stack.urls, clock=SystemClock(), written={})
    try:
        await quiet.wait(timeout_s=REST_TIMEOUT_S)
    finally:
        await quiet.close()


@pytest_asyncio.fixture(loop_scope="function")
async def stack() -> AsyncIterator[EmbeddedStack]:
    async with EmbeddedStack(fsync=False) as started:
        await started.start_services()
        yield started


async def test_every_row_is_a_complaint_with_a_decision_and_a_plan(stack: EmbeddedStack, tmp_path: Path) -> None:
    for mapping, (name, _) in FILES.items():
        report = str(tmp_path / f"{mapping}.ndjson")
        status, out = await kesu(
            "import", str(DATA / name), "-m", mapping, "--json", "--report", report, "--bootstrap", stack.bootstrap
        )
        assert (0, 0) == (status, msgspec.json.decode(out)["refused"])
    await come_to_rest(stack)

    conn = await asyncpg.connect(stack.database_url())
    try:
        for mapping, (name, column) in FILES.items():
            ids = source_ids(DATA / name, column)
            course = {row["source_id"]: tuple(row)[1:] for row in await conn.fetch(_COURSE, mapping)}
            assert len(ids) == len(set(ids)) > 2_000
            assert dict.fromkeys(ids, (1, 1, 1)) == course
        assert NOISE_MAX >= await conn.fetchval(_NOISE)
    finally:
        await conn.close()
    found = await verify(database_url=stack.database_url(), brokers=stack.brokers, clock=SystemClock())
    assert ((), 0) == (found.findings, found.dead_letters)
