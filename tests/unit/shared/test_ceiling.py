"""Too many dead letters stop the consumer; a batch that is tried again counts once."""

import pytest

from shared.errors import Stopped
from shared.pipeline.ceiling import WINDOW_RECORDS, Ceiling

GOOD, DEAD = False, True


def settle(ceiling: Ceiling, *batches: list[bool]) -> None:
    """Batches with these fates, each checked and settled."""
    for fates in batches:
        ceiling.check(fates)
        ceiling.count(fates)


def test_so_many_in_a_row_stop() -> None:
    """Over the bounds of batches."""
    ceiling = Ceiling(in_a_row_max=5, share_max=1)
    settle(ceiling, [GOOD, DEAD, DEAD], [DEAD], [DEAD])
    with pytest.raises(Stopped, match="dead_letter_ceiling"):
        ceiling.check([DEAD, GOOD])


def test_a_good_one_ends_the_row() -> None:
    """Wherever in the batch it stands."""
    ceiling = Ceiling(in_a_row_max=3, share_max=1)
    settle(ceiling, [DEAD, DEAD, GOOD], [DEAD, DEAD, GOOD, DEAD], [DEAD, GOOD], [GOOD], [DEAD, DEAD])


def test_a_row_inside_a_batch_counts_too() -> None:
    """Good ones before and after it change nothing."""
    with pytest.raises(Stopped):
        Ceiling(in_a_row_max=3, share_max=1).check([GOOD, DEAD, DEAD, DEAD, GOOD])


def test_a_batch_that_is_tried_again_counts_once() -> None:
    """One poison record while the database is away for an hour is one dead letter."""
    ceiling = Ceiling(in_a_row_max=3, share_max=1)
    for _ in range(1_000):
        ceiling.check([DEAD])
    settle(ceiling, [DEAD], [DEAD])


def test_a_share_of_the_last_thousand_stops() -> None:
    """Not before there are a thousand to judge by."""
    ceiling = Ceiling(in_a_row_max=WINDOW_RECORDS, share_max=0.5)
    settle(ceiling, *[[DEAD, GOOD]] * (WINDOW_RECORDS // 2))
    with pytest.raises(Stopped):
        ceiling.check([DEAD, DEAD])


def test_records_long_ago_do_not_count() -> None:
    """After a bad hour and a thousand good ones the share is as new."""
    ceiling = Ceiling(in_a_row_max=WINDOW_RECORDS, share_max=0.3)
    settle(ceiling, [DEAD] * 290, [GOOD] * WINDOW_RECORDS, [DEAD] * 290)
