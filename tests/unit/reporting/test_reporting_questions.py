"""What may be asked: filters, cursors, tags, and how a personal part is shown."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.rules.filters import Condition, Cursor, check_query, conditions, cursor_of, cursor_text
from services.reporting.rules.personal import shown
from services.reporting.rules.tags import entity_tag, matches
from shared.events.envelope import Personal
from shared.problems import Problem

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def code_of(error: pytest.ExceptionInfo[Problem]) -> str:
    return error.value.code


def test_only_what_was_given_is_a_condition() -> None:
    given = conditions(one_of={"unit": ["a", "b"], "cause": None, "kind": []}, since={"at": AT}, before={"at": None})

    assert [Condition("unit", "in", ["a", "b"]), Condition("at", "from", AT)] == given


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 3, 2, 1, 0), "request_invalid"),  # noqa: DTZ001
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8))), "time_out_of_range"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-8))), "time_out_of_range"),
    ],
)
def test_a_time_that_is_no_moment_is_refused(at: datetime, code: str) -> None:
    with pytest.raises(Problem) as error:
        conditions(since={"at": at})

    assert code == code_of(error)


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_comes_back_as_it_went(at: datetime, id_: UUID) -> None:
    assert Cursor(at, id_) == cursor_of(cursor_text(at, id_))


@given(st.text(max_size=100))
def test_a_cursor_is_one_of_ours_or_a_problem(text: str) -> None:
    with contextlib.suppress(Problem):  # any other exception would be a failure of ours
        assert cursor_of(text) is None or cursor_of(text) == cursor_of(text.rstrip("="))


@pytest.mark.parametrize(
    ("query", "code"), [([("unlt", "a")], "request_invalid"), ([("unit", "a\x00b")], "nul_character")]
)
def test_a_query_that_means_nothing_is_refused(query: list[tuple[str, str]], code: str) -> None:
    with pytest.raises(Problem) as error:
        check_query(query, {"unit"})

    assert code == code_of(error)


def test_a_tag_changes_with_position_question_and_erasure_but_not_with_order() -> None:
    def tag(offset: int = 1, query: tuple[tuple[str, str], ...] = (("a", "1"), ("b", "2")), extra: str = "") -> str:
        return entity_tag(as_of={"t:0": offset, "t:1": 7}, path="/v1/x", query=query, extra=extra)

    assert tag() == tag(query=(("b", "2"), ("a", "1")))
    assert 4 == len({tag(), tag(offset=2), tag(query=(("a", "1"),)), tag(extra="1")})


@pytest.mark.parametrize(
    ("header", "matched"),
    [('"x"', True), ('W/"x"', True), ('"y", "x"', True), ("*", True), ('"y"', False), (None, False)],
)
def test_if_none_match(header: str | None, matched: bool) -> None:
    assert matched is matches(header, '"x"')


def test_masking_shows_which_fields_there_are_and_nothing_of_them() -> None:
    state, personal = shown(Personal(name="李小明", phone="138"), reveal=False, erased="[erased]")

    assert ("masked", Personal(name="***", phone="***")) == (state, personal)
