"""The promise ledger: how a promise ends, and that broken stays broken."""

from services.reporting.rules import project
from shared.events import followup
from tests.builders.life import Life


def test_a_promise_opened_and_kept_in_one_batch_is_one_kept_row() -> None:
    life = Life()
    promise = life.promise("first_response")
    life.planned(promise)
    life.kept(promise)

    row = project(life.facts).promises[0]

    assert ("kept", promise.due_at, life.at, 1) == (row.state, row.due_at, row.ended_at, row.number)


def test_broken_stays_broken() -> None:
    life = Life()
    promise = life.promise("resolution")
    life.planned(promise)
    broken = life.broken(promise)
    life.kept(promise)

    row = project(life.facts).promises[0]

    assert ("broken", broken.occurred_at) == (row.state, row.ended_at)


def test_a_renewal_ends_one_promise_and_opens_the_next() -> None:
    life = Life()
    first, second = life.promise("resolution"), life.promise("resolution", 2, hours=72, renewals=1)
    life.planned(first)
    life.renewed(first, second)

    states = {row.number: (row.state, row.renewals) for row in project(life.facts).promises}

    assert {1: ("renewed", 0), 2: ("open", 1)} == states


def test_an_end_that_comes_before_its_opening_is_not_lost() -> None:
    life = Life()
    promise = life.promise("resolution")
    life.kept(promise)
    life.planned(promise)

    row = project(life.facts).promises[0]

    assert ("kept", promise.due_at, 1) == (row.state, row.due_at, row.number)


def test_a_holding_reply_leaves_the_promise_open() -> None:
    life = Life()
    promise = life.promise("resolution")
    life.planned(promise)
    asked = life.fact(
        followup.HoldingReplyRequested, promise_id=promise.promise_id, kind="resolution", due_at=promise.due_at,
        proposed_due_at=promise.due_at,
    )  # fmt: skip

    row = project(life.facts).promises[0]

    assert ("open", None, asked.occurred_at) == (row.state, row.ended_at, row.holding_reply_at)


def test_every_promise_named_as_kept_is_kept_whatever_kinds_are_told() -> None:
    life = Life()
    first, second = life.promise("first_response"), life.promise("progress")
    life.planned(first, second)
    life.kept(first, promise_ids=(first.promise_id, second.promise_id))

    assert ["kept", "kept"] == [row.state for row in project(life.facts).promises]
