"""Key facts: what was left out and what contradicts is named truly."""

from datetime import UTC, datetime

import pytest

from kesu.generator import Generated, generate
from shared.events.intake import KeyFacts
from shared.events.submissions import ComplaintSubmission

BLANK = KeyFacts()


@pytest.fixture(scope="module")
def complaints() -> list[tuple[Generated, KeyFacts]]:
    rows = generate(6_000, seed=31, start=datetime(2025, 3, 3, tzinfo=UTC), facts=False)
    return [(row, row.submission.key_facts) for row in rows if isinstance(row.submission, ComplaintSubmission)]


def test_what_counts_as_missing_is_not_there(complaints: list[tuple[Generated, KeyFacts]]) -> None:
    for row, facts in complaints:
        for name in row.truth.missing:
            assert getattr(facts, name) == getattr(BLANK, name)


def test_a_year_of_purchase_is_off_by_one(complaints: list[tuple[Generated, KeyFacts]]) -> None:
    years = [
        (facts.purchased_on, facts.account_purchased_on)
        for row, facts in complaints if row.truth.contradiction == "purchase_year"
    ]  # fmt: skip

    assert years
    for stated, recorded in years:
        assert stated and recorded and abs(stated.year - recorded.year) == 1


def test_an_amount_is_above_its_bill_only_where_said(complaints: list[tuple[Generated, KeyFacts]]) -> None:
    for row, facts in complaints:
        if facts.amount_minor is not None and facts.billed_minor is not None:
            assert (facts.amount_minor > facts.billed_minor) == (row.truth.contradiction == "amount_over_bill")


def test_a_fault_lies_in_the_future_only_where_said(complaints: list[tuple[Generated, KeyFacts]]) -> None:
    for row, facts in complaints:
        if facts.fault_started_at:
            assert (facts.fault_started_at > row.at) == (row.truth.contradiction == "fault_in_future")
