"""`kesu import` against a real broker: what is on the topic is what intake's Kafka door takes."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from aiokafka import TopicPartition

from kesu.generator import generate
from shared.events.submissions import ComplaintSubmission
from shared.ids import complaint_id
from shared.log.ends import log_end, reading, stretch
from shared.log.headers import header
from tests.fixtures.brokers import PARTITIONS

if TYPE_CHECKING:
    from deploy.embedded.broker import Broker
    from shared.pipeline.records import RawRecord

TOPIC = "kesu.submissions"
TYPE = "kesu.submission.complaint.v1"


async def _import(broker: Broker, file: Path, *options: str) -> dict[str, object]:
    command = [sys.executable, "-c", "from kesu.cli import app; app()", "import", str(file)]
    run = await asyncio.create_subprocess_exec(
        *command, "--mapping", "submission", "--json", "--bootstrap", broker.bootstrap, *options,
        stdout=asyncio.subprocess.PIPE, cwd=file.parent, env={"PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip
    out, _ = await run.communicate()
    assert run.returncode == 0
    summary: dict[str, object] = msgspec.json.decode(out)
    return summary


async def _on_topic(broker: Broker) -> list[RawRecord]:
    partitions = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
    found: list[RawRecord] = []
    async with reading(broker.brokers, partitions) as consumer:
        for one in partitions:
            async for records in stretch(consumer, one, first=0, end=await log_end(consumer, one)):
                found += records
    return found


async def test_submissions_are_on_the_topic_once_keyed_and_typed(broker_with_topics: Broker, tmp_path: Path) -> None:
    rows = generate(1_500, seed=5, start=datetime(2025, 3, 3, tzinfo=UTC), facts=False)
    made = {row.submission.source_id: row.submission for row in rows}
    file = tmp_path / "in.ndjson"
    file.write_bytes(b"\n".join(map(msgspec.json.encode, made.values())) + b"\nnope\n")

    summary = await _import(broker_with_topics, file)
    again = await _import(broker_with_topics, file)
    records = await _on_topic(broker_with_topics)

    assert (summary["sent"], summary["codes"]) == (len(made), {"not_json": 1})
    assert again["went_on_from_row"] == summary["rows"]
    got = {}
    for record in records:
        assert record.value and record.key
        submission = msgspec.json.decode(record.value, type=ComplaintSubmission)
        key = complaint_id(tenant=submission.tenant, source=submission.source, source_id=submission.source_id)
        assert record.key.decode() == key
        assert header(record.headers, "ce_type") == TYPE
        got[submission.source_id] = submission
    assert len(records) == len(made)
    assert got == made
