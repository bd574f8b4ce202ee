"""Reads the whole log for a verification: every partition from its first offset to its end."""

import msgspec
from aiokafka import TopicPartition

from kesu.verify.findings import Findings
from kesu.verify.story import Story
from shared.events.registry import EVENTS, PUBLISHER_OF, decode
from shared.log.ends import log_end, reading, stretch
from shared.log.headers import TYPE, header
from shared.pipeline.records import RawRecord


async def read_log(
    bootstrap: str, tps: list[TopicPartition], story: Story, findings: Findings
) -> dict[TopicPartition, int]:
    """Tell `story` every event of the log; returns the end of each partition."""
    ends: dict[TopicPartition, int] = {}
    async with reading(bootstrap, tps) as consumer:
        first = await consumer.beginning_offsets(tps)
        for tp in tps:
            expected = first[tp]
            async for raws in stretch(consumer, tp, first=expected, end=await log_end(consumer, tp)):
                for raw in raws:
                    if raw.offset != expected:
                        findings.add("hole_in_the_log", f"{tp.topic}[{tp.partition}]@{expected}")
                    expected = raw.offset + 1
                    _tell(raw, story, findings)
            ends[tp] = expected
    return ends


def _tell(raw: RawRecord, story: Story, findings: Findings) -> None:
    type_ = header(raw.headers, TYPE)
    if type_ not in EVENTS:
        return
    try:
        event = decode(raw.value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        findings.add("undecodable_on_the_log", f"{raw.topic}[{raw.partition}]@{raw.offset}")
        return
    story.tell(event, raw.value or b"", publisher=PUBLISHER_OF[type_])
