"""A consumer that has lost its way says nothing: that nothing was fetched for a minute is noticed, an outage is not blamed on it."""

import time

import pytest
from aiokafka import TopicPartition

from shared.errors import Stopped
from shared.pipeline.flow import STALLED_AFTER_S, Flow

TP = TopicPartition("kesu.complaints", 0)
LONG_AGO_S = time.time() - 2 * STALLED_AFTER_S
NEVER_LONG_AGO_S = time.time() + 86_400  # however long the tests before this one take


class Consumer:
    """What Flow asks of a consumer."""

    def __init__(self, polled_s: float) -> None:
        self.polled_s = polled_s

    def assignment(self) -> set[TopicPartition]:
        return {TP}

    def last_poll_timestamp(self, _tp: TopicPartition) -> int:
        return int(self.polled_s * 1_000)


def flow(*, polled_s: float, flowing_since_s: float = LONG_AGO_S, taken_up: bool = True) -> Flow:
    one = Flow(lambda: Consumer(polled_s), {TP: 7} if taken_up else {})
    one._flowing_since_s = flowing_since_s
    return one


def test_nothing_fetched_for_long_stops_the_service() -> None:
    with pytest.raises(Stopped) as stopped:
        flow(polled_s=LONG_AGO_S).check(answering_since_s=LONG_AGO_S)
    assert stopped.value.code == "reading_stalled"


@pytest.mark.parametrize(
    "reads",
    [
        {"polled_s": NEVER_LONG_AGO_S},  # it reads
        {"polled_s": LONG_AGO_S, "flowing_since_s": NEVER_LONG_AGO_S},  # it was put off until just now
        {"polled_s": LONG_AGO_S, "taken_up": False},  # it has nothing to read
    ],
)
def test_whoever_reads_or_may_not_yet_goes_on(reads: dict[str, float]) -> None:
    flow(**reads).check(answering_since_s=LONG_AGO_S)  # type: ignore[arg-type]


def test_an_outage_is_not_the_consumers_fault() -> None:
    flow(polled_s=LONG_AGO_S).check(answering_since_s=time.time() - 1)
