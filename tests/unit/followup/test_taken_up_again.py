"""What was decided once stands when it is decided again from an older store, whichever way the customer's day had it."""

from services.followup.rules.callbacks import as_stored, other_way
from shared.events.followup import CallbackRequested, CallbackSettled
from tests.builders import callback_requested, callback_settled, promise_kept

REQUESTED = callback_requested()
POSTPONED = callback_settled(id=other_way(REQUESTED), causation_id=REQUESTED.causation_id, outcome="postponed")
EXPIRED = callback_settled(id=POSTPONED.id, causation_id=REQUESTED.causation_id, outcome="expired")


def known(*events: CallbackRequested | CallbackSettled) -> dict[str, CallbackRequested | CallbackSettled]:
    return {event.id: event for event in events}


def test_each_way_names_the_other() -> None:
    assert (POSTPONED.id, REQUESTED.id) == (other_way(REQUESTED), other_way(POSTPONED))
    assert (None, None) == (other_way(EXPIRED), other_way(promise_kept()))


def test_a_window_that_was_postponed_stays_so() -> None:
    assert POSTPONED == as_stored(REQUESTED, known(POSTPONED))


def test_a_call_that_was_requested_stays_so() -> None:
    assert REQUESTED == as_stored(POSTPONED, known(REQUESTED))


def test_a_request_that_expired_afterwards_is_no_postponement() -> None:
    assert REQUESTED == as_stored(REQUESTED, known(REQUESTED, EXPIRED))
    assert REQUESTED == as_stored(POSTPONED, known(REQUESTED, EXPIRED))
    assert EXPIRED == as_stored(EXPIRED, known(REQUESTED, EXPIRED))


def test_what_was_never_decided_is_decided_now() -> None:
    assert REQUESTED == as_stored(REQUESTED, {})
    assert POSTPONED == as_stored(POSTPONED, {})
