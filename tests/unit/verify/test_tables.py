"""Each thing a table can have wrong is found in small tables that have exactly that wrong, and sound ones have nothing."""

from collections.abc import Callable

import pytest

from kesu.verify.findings import TEXTS
from shared.events.envelope import ComplaintFact
from shared.ids import derive
from tests.builders.life import Life
from tests.unit.verify.small import Tables, judged, tables_of
from tests.unit.verify.test_story import sound

OTHER = derive("event", "of another log")
COMPLAINT = Life().complaint_id


def not_saved(t: Tables) -> None:
    t.saved.pop()


def saved_by_another(t: Tables) -> None:
    publisher, id_, body = t.saved[0]
    t.saved[0] = (publisher + 1, id_, body)


def saved_otherwise(t: Tables) -> None:
    publisher, id_, body = t.saved[1]
    t.saved[1] = (publisher, id_, body + b" ")


def saved_only(t: Tables) -> None:
    t.saved.append((2, OTHER, b"{}"))


def not_archived(t: Tables) -> None:
    t.archived.pop(2)


def archived_otherwise(t: Tables) -> None:
    t.archived[2] = (t.archived[2][0], b"{}")


def archived_only(t: Tables) -> None:
    t.archived.append((OTHER, b"{}"))


def submitted_only(t: Tables) -> None:
    t.submitted.append(OTHER)


def not_viewed(t: Tables) -> None:
    t.views.clear()


def viewed_as_closed(t: Tables) -> None:
    t.views[0] = (COMPLAINT, "closed", *t.views[0][2:])


def viewed_as_less(t: Tables) -> None:
    t.views[0] = (*t.views[0][:3], "S4")


def viewed_only(t: Tables) -> None:
    t.views.append((Life(2).complaint_id, "open", "complaint", "S2"))


def promise_not_kept_there(t: Tables) -> None:
    t.kept.pop()


def promise_shown_otherwise(t: Tables) -> None:
    t.shown[0] = (*t.shown[0][:2], "broken")


def promise_kept_only_there(t: Tables) -> None:
    t.kept.append((Life(2).complaint_id, derive("promise", "none"), "open"))


WRONG: list[tuple[Callable[[Tables], None], dict[str, int]]] = [
    (not_saved, {"published_never_saved": 1}),
    (saved_by_another, {"published_never_saved": 1}),
    (saved_otherwise, {"saved_differs": 1}),
    (saved_only, {"saved_never_published": 1}),
    (not_archived, {"lost_from_archive": 1}),
    (archived_otherwise, {"archive_differs": 1}),
    (archived_only, {"only_in_archive": 1}),
    (submitted_only, {"submission_without_event": 1}),
    (not_viewed, {"view_differs": 1}),
    (viewed_as_closed, {"view_differs": 1}),
    (viewed_as_less, {"view_differs": 1}),
    (viewed_only, {"view_differs": 1}),
    (promise_not_kept_there, {"promise_table_differs": 1}),
    (promise_shown_otherwise, {"promise_table_differs": 1}),
    (promise_kept_only_there, {"promise_table_differs": 1}),
]


@pytest.mark.parametrize(("spoil", "expected"), WRONG, ids=[spoil.__name__ for spoil, _ in WRONG])
def test_one_thing_wrong_is_one_finding(spoil: Callable[[Tables], None], expected: dict[str, int]) -> None:
    """And nothing else is found with it."""
    log = sound().facts
    tables = tables_of(log)
    assert judged(log, tables)[0] == {}
    spoil(tables)
    assert judged(log, tables)[0] == expected


def test_what_came_behind_the_end_is_no_finding() -> None:
    """Tables that are newer than the end are explained by what came since; figures count up to the end."""
    log = closed_in_the_end()
    assert judged(log, end=4)[0] == {}
    _, figures = judged(log, end=4)
    assert (figures.events, figures.archived, figures.newer_events) == (4, 4, 2)
    assert (figures.complaints, figures.open_complaints, figures.open_promises) == (1, 1, 2)
    assert figures.newer_complaints == 1
    tables = tables_of(log)
    tables.archived[0] = (tables.archived[0][0], b"{}")
    assert judged(log, tables, end=4)[0] == {"archive_differs": 1}


def test_a_view_is_held_against_what_reporting_had_read() -> None:
    """Not against the end: what it shows is as old as its position, and must be right for that."""
    log = closed_in_the_end()
    for reached in range(1, len(log) + 1):
        tables = tables_of(log, archived=log[:reached])
        found, figures = judged(log, tables, read={"reporting": reached})
        assert found == {}
        assert figures.unread_events == len(log) - reached
    assert judged(log, tables_of(log, archived=log[:4]), read={"reporting": 6})[0].keys() == {
        "lost_from_archive", "view_differs", "promise_table_differs"
    }  # fmt: skip


def test_what_a_reader_has_not_come_to_is_not_missing() -> None:
    """That it is behind is a finding of its own; routing owes no decision before, follow-up no plan."""
    received = sound().facts[:1]
    assert judged(received, read={"routing": 0})[0] == {}
    assert judged(received, read={"routing": 1})[0] == {"never_decided": 1}
    decided = sound().facts[:2]
    assert judged(decided, read={"followup": 1})[0] == {}
    assert judged(decided, read={"followup": 2})[0] == {"never_planned": 1}
    assert judged(decided, end=1)[0] == {}


def test_a_restored_table_is_behind_not_wrong() -> None:
    """Own events behind the position are adopted when the service starts; promises follow from them."""
    log = closed_in_the_end()
    tables = tables_of(log)
    tables.saved.pop()
    tables.kept.clear()
    found, figures = judged(log, tables, read={"followup": 5})
    assert (found, figures.unread_complaints) == ({}, 1)


def closed_in_the_end() -> list[ComplaintFact]:
    life = sound()
    life.closed(promises_released=(life.facts[2].promises[1].promise_id,))  # type: ignore[attr-defined]
    return life.facts


def test_all_codes_of_tables_are_tried() -> None:
    """Whoever adds one adds its row above, or its test in another file."""
    tried = {code for _, expected in WRONG for code in expected}
    elsewhere = {"saved_never_published", "reader_behind", "hole_in_the_log", "undecodable_on_the_log"}
    later = list(TEXTS)[list(TEXTS).index("lost_from_archive") :]
    assert set(later) - elsewhere <= tried
