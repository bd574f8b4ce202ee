"""What a batch of events changes: one row per key, and the same whatever the batch was cut to."""

from datetime import timedelta

from services.reporting.rules import project
from services.reporting.rules.receipts import complaint_mentioned
from shared.events import followup, intake
from tests.builders.life import START, Life, under_other_id


def test_a_batch_with_a_whole_start_gives_one_row_per_table() -> None:
    life = Life()
    life.received()
    life.routed()
    life.planned(callbacks=(life.callback(),))

    changes = project(life.facts)

    assert len(changes.complaints) == len(changes.decisions) == len(changes.callbacks) == 1
    assert [row.kind for row in changes.promises] == ["first_response", "resolution"]
    assert changes.progress == [] and changes.mentioned == {}


def test_the_receipt_says_where_and_when_it_came_in() -> None:
    life = Life()
    life.received(occurred_at=START - timedelta(days=3))

    row = project(life.facts).complaints[0]

    assert ("crm", "n1", "hotline", "江苏") == (row.source, row.source_id, row.channel, row.region)
    assert (START - timedelta(days=3), START, 1) == (row.occurred_at, row.received_at, row.key_findings)


def test_revisions_in_one_batch_keep_the_first_and_count_transfers() -> None:
    life = Life()
    life.received()
    life.routed()
    life.routed(revision=2, decision={"unit": "billing", "tier": "L3"})
    life.routed(revision=3, decision={"unit": "billing", "tier": "L2"}, assessment={"cross_level": "actual"})

    row = project(life.facts).decisions[0]

    assert (3, 1, "network-js", "billing") == (row.revision, row.transfers, row.first_unit, row.unit)
    assert ("L2", "L3", "L2") == (row.first_tier, row.peak_tier, row.tier)
    assert ("none", "actual") == (row.first_cross_level, row.cross_level)


def test_an_old_revision_changes_nothing() -> None:
    life = Life()
    life.routed(revision=2)
    life.routed(revision=1, decision={"unit": "other"})

    assert "network-js" == project(life.facts).decisions[0].unit


def test_a_further_attempt_is_a_callback_of_its_own() -> None:
    life = Life()
    callback = life.callback()
    life.planned(callbacks=(callback,))
    asked = life.fact(followup.CallbackRequested, callback=callback)
    again = life.callback(number=2, attempt=2)
    busy = life.fact(followup.CallbackSettled, callback_id=callback.callback_id, outcome="busy", next=again)

    first, second = project(life.facts).callbacks

    assert ("settled", "busy", asked.occurred_at, busy.occurred_at) == (
        first.state, first.outcome, first.requested_at, first.settled_at,
    )  # fmt: skip
    assert ("planned", 2, None) == (second.state, second.attempt, second.outcome)


def test_closing_releases_promises_and_cancels_callbacks() -> None:
    life = Life()
    promise, callback = life.promise("progress"), life.callback()
    life.planned(promise, callbacks=(callback,))
    life.closed(
        promises_released=(promise.promise_id,), callbacks_cancelled=(callback.callback_id,), reason="withdrawn"
    )

    changes = project(life.facts)

    assert ("closed", "withdrawn") == (changes.progress[0].status, changes.progress[0].close_reason)
    assert ["released"] == [row.state for row in changes.promises]
    assert ["cancelled"] == [row.state for row in changes.callbacks]


def test_reopening_takes_the_closing_back() -> None:
    life = Life()
    life.closed()
    life.fact(followup.ComplaintReopened, because="survey", opened=(life.promise("resolution", 2),))

    changes = project(life.facts)

    assert ("open", None, None, 1) == tuple(
        getattr(changes.progress[0], f) for f in ("status", "closed_at", "close_reason", "reopened")
    )
    assert ["open"] == [row.state for row in changes.promises]


def test_other_facts_do_not_take_a_closing_back() -> None:
    life = Life()
    closed = life.closed()
    life.fact(intake.SurveyAnswered, score=5)

    row = project(life.facts).progress[0]

    assert ("closed", closed.occurred_at, 5) == (row.status, row.closed_at, row.csat)


def test_counts_add_up() -> None:
    life = Life()
    first = life.fact(intake.AssignmentRefused, unit="network-js", reason="not_ours")
    facts = [first, under_other_id(first, "2"), life.fact(intake.SolutionProposed)]

    row = project(facts).progress[0]

    assert (2, 1) == (row.refusals, row.proposals)


def test_linking_again_undoes_a_split() -> None:
    life, other = Life(), Life(2)
    life.fact(intake.ComplaintsMerged, into_id=other.complaint_id)
    split = life.fact(intake.ComplaintsSplit, other_id=other.complaint_id)
    undone = project(life.facts).links[0]
    life.fact(intake.ComplaintsLinked, other_id=other.complaint_id)
    again = project(life.facts).links[0]

    assert ("merged", split.occurred_at) == (undone.relation, undone.undone_at)
    assert ("same_matter", None) == (again.relation, again.undone_at)


def test_a_decision_about_an_unknown_complaint_makes_it_seen() -> None:
    life = Life()
    life.received()
    routed = life.routed()

    mentioned = project([routed]).mentioned

    row = complaint_mentioned(mentioned[life.complaint_id])
    assert (None, "hotline", START) == (row.source, row.channel, row.received_at)


def test_control_facts_change_no_row() -> None:
    life = Life()
    base = life.received()
    roster = intake.RosterChanged(
        id=base.id, actor=base.actor, occurred_at=START, accepted_at=START, causation_id=base.id,
        correlation_id=base.id, version=1, handlers=(),
    )  # fmt: skip

    changes = project([roster])

    assert changes.complaints == [] and changes.mentioned == {}
