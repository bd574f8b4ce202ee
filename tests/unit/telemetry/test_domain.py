"""What published facts say in figures."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from shared.events.envelope import Fact
from shared.pipeline.dead_letters import DeadLetters
from shared.pipeline.records import Outgoing, RawRecord
from shared.saved import outgoing
from shared.telemetry import names
from shared.telemetry.domain import counted, lapse_delays_s
from shared.vault import Vault
from tests.builders import followup, routing
from tests.builders.common import T0


def figures(*events: Fact) -> dict[str, int]:
    """What `events` add, beyond one more of each type, as `metric label label` → number."""
    counts = counted([outgoing(event) for event in events])
    return {
        " ".join((metric.name.removeprefix("kesu."), *values)).strip(): number
        for (metric, values), number in counts.items()
        if metric is not names.PUBLISHED
    }


def test_a_decision_by_severity_and_matter() -> None:
    assert {"decisions S2 complaint": 2, "decisions S1 inquiry": 1} == figures(
        routing.routed(),
        routing.routed(id="11111111-1111-4111-8111-111111111111"),
        routing.routed(decision=routing.decision(severity="S1"), assessment=routing.assessment(kind="inquiry")),
    )


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (followup.planned(), {"promises opened first_response": 1, "callbacks planned": 1}),
        (
            followup.promise_kept(),
            {"promises kept first_response": 1, "promises opened resolution": 1, "callbacks cancelled": 1},
        ),
        (followup.promise_renewed(), {"promises renewed first_response": 1, "promises opened first_response": 1}),
        (followup.promise_broken(), {"promises broken first_response": 1, "promises opened first_response": 1}),
        (followup.callback_requested(), {"callbacks requested": 1}),
        (followup.callback_settled(), {"callbacks no_answer": 1, "callbacks planned": 1}),
        (followup.closed(promises_released=("a", "b")), {"promises kept": 1, "promises released": 2}),
        (followup.reopened(), {"promises opened first_response": 1}),
        (followup.holding_reply_requested(), {}),
    ],
)
def test_promises_and_callbacks_by_state(event: Fact, expected: dict[str, int]) -> None:
    assert expected == figures(event)


def test_every_promise_of_a_kind_is_counted() -> None:
    promises = (followup.promise(), followup.next_promise(), followup.next_promise(number=2))

    assert {"promises opened first_response": 1, "promises opened resolution": 2, "callbacks planned": 1} == figures(
        followup.planned(promises=promises)
    )


def test_events_by_type() -> None:
    counts = counted([outgoing(followup.planned()), outgoing(followup.planned()), outgoing(followup.closed())])

    assert (2, 1) == (
        counts[names.PUBLISHED, ("kesu.followup.planned.v1",)],
        counts[names.PUBLISHED, ("kesu.complaint.closed.v1",)],
    )


def test_what_comes_from_the_store_counts_as_what_was_just_decided() -> None:
    fresh = outgoing(followup.promise_broken())

    assert counted([fresh]) == counted([replace(fresh, fact=None)])


def test_a_body_stored_before_is_what_counts() -> None:
    """It was decided otherwise the first time: that is what is published."""
    stored = outgoing(routing.routed(decision=routing.decision(severity="S1")))

    again = outgoing(routing.routed()).with_value(stored.value)

    assert 1 == counted([again])[names.DECISIONS, ("S1", "complaint")]


def test_dead_letters_by_reason() -> None:
    letters = DeadLetters(consumer="routing", vault=Vault(bytes(32)))
    raw = RawRecord("kesu.complaints", 0, 7, 0, None, b"x", ())
    letter: Outgoing = letters.of(raw, code="not_this_event", detail="", at=datetime(2026, 3, 2, tzinfo=UTC))

    assert 2 == counted([letter, letter])[names.DEAD_LETTERS, ("not_this_event",)]


def test_a_lapse_is_as_late_as_its_publication() -> None:
    now = T0 + timedelta(hours=2, seconds=3)

    assert [3.0] == lapse_delays_s([outgoing(followup.promise_broken()), outgoing(followup.planned())], now)
