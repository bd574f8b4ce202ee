"""The mixture: everything a complaint centre sees is there, in believable shares."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from kesu.generator import Generated, generate
from kesu.generator.truth import SubCause
from shared.events.intake import Channel
from shared.events.routing import Cause, MatterKind, Severity
from shared.events.submissions import ComplaintSubmission


@pytest.fixture(scope="module")
def made() -> list[Generated]:
    return list(generate(12_000, seed=21, start=datetime(2025, 3, 3, tzinfo=UTC), span=timedelta(days=14), facts=False))


def _complaints(made: list[Generated]) -> list[ComplaintSubmission]:
    return [row.submission for row in made if isinstance(row.submission, ComplaintSubmission)]


def test_every_kind_cause_channel_severity_and_temper_is_there(made: list[Generated]) -> None:
    truths = [row.truth for row in made]

    assert {truth.kind for truth in truths} == set(get_args(MatterKind))
    assert {truth.cause for truth in truths} == set(get_args(Cause))
    assert {truth.sub_cause for truth in truths} == set(get_args(SubCause))
    assert {submission.channel for submission in _complaints(made)} == set(get_args(Channel))
    assert {truth.severity for truth in truths} == set(get_args(Severity))
    assert {truth.emotion for truth in truths} == set(range(1, 11))


def test_about_three_quarters_are_chinese(made: list[Generated]) -> None:
    share = sum(row.truth.lang == "zh" for row in made) / len(made)

    assert 0.70 < share < 0.80


@pytest.mark.parametrize("mark", ["abuse", "danger", "group", "vulnerable", "key_account", "contradiction", "missing"])
def test_hard_cases_are_there_and_rare(made: list[Generated], mark: str) -> None:
    share = sum(bool(getattr(row.truth, mark)) for row in made) / len(made)

    assert 0 < share < 0.5


def test_through_a_regulator_is_always_actual_cross_level(made: list[Generated]) -> None:
    for row in made:
        if isinstance(row.submission, ComplaintSubmission) and row.submission.channel == "regulator":
            assert row.truth.cross_level == "actual"
            assert row.submission.key_facts.case_number_of == row.truth.cross_target


def test_a_public_post_that_tags_a_body_is_actual_cross_level(made: list[Generated]) -> None:
    tagging = [
        row for row in made
        if row.truth.cross_level == "actual" and getattr(row.submission, "channel", "") == "social"
        and "@" in getattr(row.submission, "text", "")
    ]  # fmt: skip

    assert {row.truth.cross_target for row in tagging} >= {"regulator", "media"}


def test_threats_come_with_anger_more_than_with_calm(made: list[Generated]) -> None:
    threats = Counter(row.truth.emotion >= 6 for row in made if row.truth.cross_level == "threatened")

    assert threats[True] > threats[False]


def test_no_text_comes_twice_but_in_duplicates_groups_and_short_messages(made: list[Generated]) -> None:
    texts = [
        row.submission.text for row in made
        if isinstance(row.submission, ComplaintSubmission)
        and row.truth.kind == "complaint" and not row.truth.duplicate and not row.truth.wave
    ]  # fmt: skip

    assert len(set(texts)) > 0.999 * len(texts)


def test_every_slot_of_every_phrase_is_filled(made: list[Generated]) -> None:
    assert not [text for submission in _complaints(made) if "{" in (text := submission.text) or "}" in text]


def test_numbers_lie_where_no_operator_has_assigned_any(made: list[Generated]) -> None:
    for submission in _complaints(made):
        digits = "".join(filter(str.isdigit, submission.customer.phone))
        assert not digits or digits.removeprefix("86").startswith("154") or digits[-7:-2] == "55501"
