"""What people will do comes out in the order of time, whatever order it was planned in."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kesu.demo.agenda import GRID, Agenda, on_grid
from shared.events.submissions import ComplaintSubmission, Customer

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTES = st.integers(0, 500)


def complaint(number: int) -> ComplaintSubmission:
    """A submission that can be told from the others."""
    return ComplaintSubmission(
        source="app", source_id=f"{number:04}", channel="app", customer=Customer(phone="1"), text="?"
    )


def test_nothing_planned_is_nothing_due() -> None:
    """And there is no next time."""
    agenda = Agenda()
    assert (len(agenda), agenda.next_at, agenda.until(T0)) == (0, None, [])


@given(st.lists(MINUTES, max_size=30), MINUTES)
def test_what_is_due_comes_out_in_order_and_once(planned: list[int], until: int) -> None:
    """The bound belongs to it; the rest stays."""
    agenda = Agenda()
    for number, minutes in enumerate(planned):
        agenda.add(T0 + timedelta(minutes=minutes), "t", complaint(number))
    due = agenda.until(T0 + timedelta(minutes=until))
    assert [item.at for item in due] == sorted(T0 + timedelta(minutes=m) for m in planned if m <= until)
    rest = sorted(m for m in planned if m > until)
    assert (len(agenda), agenda.next_at) == (len(rest), T0 + timedelta(minutes=rest[0]) if rest else None)


@given(st.permutations(range(8)))
def test_at_one_time_the_source_id_decides(order: list[int]) -> None:
    """So that two runs that hear of things in another order do the same."""
    agenda = Agenda()
    for number in order:
        agenda.add(T0, "t", complaint(number))
    assert [item.submission.source_id for item in agenda.until(T0)] == [f"{number:04}" for number in range(8)]


@given(st.integers(0, 7_200_000_000))
def test_the_grid_is_the_quarter_hour(microseconds: int) -> None:
    """At or after with up, at or before without; never further than one step."""
    at = T0 + timedelta(microseconds=microseconds)
    up, down = on_grid(at), on_grid(at, up=False)
    assert down <= at <= up
    assert up - down in (timedelta(), GRID)
    assert all(one.minute % 15 == one.second == one.microsecond == 0 for one in (up, down))
