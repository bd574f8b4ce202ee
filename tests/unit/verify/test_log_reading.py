"""What a verification sees on the log record by record: holes, bytes that are no event, types of others."""

from aiokafka import AIOKafkaConsumer, TopicPartition

from kesu.verify.evidence import ON_LOG, Evidence
from kesu.verify.findings import Findings
from kesu.verify.log_reading import LogReading
from shared.events.registry import encode, type_of
from shared.pipeline.records import RawRecord
from shared.saved import COMPLAINTS
from tests.unit.verify.test_story import sound

NO_CONSUMER: AIOKafkaConsumer = None


def record(offset: int, value: bytes, type_: str) -> RawRecord:
    return RawRecord(COMPLAINTS, 0, offset, 0, b"", value, (("content-type", b"x"), ("ce_type", type_.encode())))


def test_holes_and_what_is_no_event_are_found_with_their_place() -> None:
    """A hole is named by the first offset missing; a type that nobody here publishes is none of our business."""
    findings, log = Findings(), [record(n, encode(e), type_of(type(e))) for n, e in enumerate(sound().facts)]
    with Evidence() as evidence:
        reading = LogReading(NO_CONSUMER, [TopicPartition(COMPLAINTS, 0)], [0], evidence=evidence, findings=findings)
        reading.take(0, log[:2])
        reading.take(0, [record(4, b"[1]", "kesu.complaint.routed.v1"), record(5, b"[1]", "other.thing.v1"), *log[6:]])
        reading.take(0, [record(6, log[2].value or b"", "kesu.followup.planned.v1")])
        assert len(b"".join(evidence.log.all())) == 3 * ON_LOG.size
    assert {one.code: one.examples for one in findings.all()} == {
        "undecodable_on_the_log": (f"{COMPLAINTS}[0]@4",), "hole_in_the_log": (f"{COMPLAINTS}[0]@2",)
    }  # fmt: skip
