"""Offsets are compared with the ones expected: any hole is seen, nothing is handled twice, nothing out of order."""

from hypothesis import given
from hypothesis import strategies as st

from shared.pipeline.gaps import GapTries, Hole, check
from shared.pipeline.records import RawRecord


def records(offsets: list[int]) -> list[RawRecord]:
    """Records at these offsets."""
    return [RawRecord("t", 0, offset, 0, None, b"", ()) for offset in offsets]


def test_what_is_expected_is_usable() -> None:
    """The usual batch."""
    checked = check(records([5, 6, 7]), expected=5)
    assert ([one.offset for one in checked.usable], checked.hole) == ([5, 6, 7], None)


@given(st.sets(st.integers(0, 60)), st.integers(0, 60))
def test_any_batch_is_cut_at_its_first_hole(offsets: set[int], expected: int) -> None:
    """Whatever was left out or repeated: usable are exactly the offsets that follow on without a break."""
    found = sorted(offsets)
    checked = check(records(found), expected=expected)
    dense, at = [], expected
    while at in offsets:
        dense.append(at)
        at += 1
    later = [offset for offset in found if offset > at]
    assert [one.offset for one in checked.usable] == dense
    assert checked.hole == (Hole(at, later[0] - 1) if later else None)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(1, 30))
def test_any_splits_and_overlaps_of_a_log_handle_it_once(starts: list[int], length: int) -> None:
    """Fetches that begin anywhere and overlap: every record is usable once, in order, and holes are asked for again."""
    expected, handled = 0, []
    for start in [*starts, 0]:
        checked = check(records(list(range(start, 31))[:length]), expected=expected)
        handled += [one.offset for one in checked.usable]
        expected = handled[-1] + 1 if handled else 0
        if start > expected:
            assert checked.hole is not None
    assert handled == list(range(len(handled)))


def test_a_hole_is_given_up_after_so_many_tries() -> None:
    """And a later one at the same place has as many again."""
    tries, hole = GapTries(3), Hole(5, 6)
    for _ in range(2):
        assert [tries.give_up("t", 0, hole) for _ in range(4)] == [False, False, False, True]


def test_tries_are_of_one_hole_of_one_partition() -> None:
    """Found holes are forgotten, others stay."""
    tries = GapTries(2)
    tries.give_up("t", 0, Hole(5, 6))
    tries.give_up("t", 1, Hole(5, 6))
    assert (tries.closed("t", 0, 5), tries.closed("t", 0, 6)) == (0, 1)
    assert (tries.tries("t", 0, Hole(5, 6)), tries.tries("t", 1, Hole(5, 6))) == (0, 1)
    tries.forget("t", 1)
    assert tries.tries("t", 1, Hole(5, 6)) == 0
