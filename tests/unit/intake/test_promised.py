"""What any instance has said of a partition binds all of them."""

from datetime import timedelta

from services.intake.watermarking import Promised
from shared.log.watermarks import Watermark
from tests.builders.common import T0


def test_the_latest_word_counts_whoever_said_it_and_in_whatever_order_it_is_heard() -> None:
    promised = Promised()
    assert promised.through(0) is None
    for partition, minutes in ((0, 5), (0, 3), (1, 9), (0, 4)):
        promised.note(Watermark(partition=partition, through=T0 + timedelta(minutes=minutes), ends={}))
    assert [T0 + timedelta(minutes=5), T0 + timedelta(minutes=9), None] == [promised.through(n) for n in (0, 1, 2)]
