"""Whatever event of the contract opens, plans, cancels or ends something: the projection shows it."""

from collections.abc import Callable
from typing import Any

import pytest

from services.reporting.rules import project
from shared.events.envelope import ComplaintFact
from shared.events.registry import PUBLISHERS
from tests import builders

EVENTS = [one for one in builders.EVENTS if type(one()) in PUBLISHERS["followup"]]


def naming(*fields: str) -> list[Any]:
    """The follow-up events that have one of these fields, each with the field."""
    found = [(one, field) for one in EVENTS for field in fields if field in type(one()).__struct_fields__]
    return [pytest.param(one, field, id=f"{one.__name__}.{field}") for one, field in found]


def told(builder: Callable[..., Any], **given: Any) -> ComplaintFact:
    """The event with these fields."""
    event: ComplaintFact = builder(**given)
    return event


@pytest.mark.parametrize(("builder", "field"), naming("promises", "opened"))
def test_every_promise_opened_is_on_the_ledger(builder: Callable[..., Any], field: str) -> None:
    promise = builders.next_promise(promise_id="11111111-1111-8111-8111-111111111111")
    one = not isinstance(getattr(builder(), field), tuple)

    rows = project([told(builder, **{field: promise if one else (promise,)})]).promises

    assert ["open"] == [row.state for row in rows if row.promise_id == promise.promise_id]


@pytest.mark.parametrize(("builder", "field"), naming("callbacks", "next"))
def test_every_callback_planned_is_shown(builder: Callable[..., Any], field: str) -> None:
    callback = builders.callback(callback_id="22222222-2222-8222-8222-222222222222")

    rows = project([told(builder, **{field: callback if field == "next" else (callback,)})]).callbacks

    assert ["planned"] == [row.state for row in rows if row.callback_id == callback.callback_id]


@pytest.mark.parametrize(("builder", "field"), naming("callbacks_cancelled"))
def test_every_callback_cancelled_is_shown_as_cancelled(builder: Callable[..., Any], field: str) -> None:
    callback = "33333333-3333-8333-8333-333333333333"

    rows = project([told(builder, **{field: (callback,)})]).callbacks

    assert ["cancelled"] == [row.state for row in rows if row.callback_id == callback]


@pytest.mark.parametrize(("builder", "field"), naming("promise_ids", "promises_kept", "promises_released"))
def test_every_promise_ended_is_shown_as_ended(builder: Callable[..., Any], field: str) -> None:
    promise = "44444444-4444-8444-8444-444444444444"

    rows = project([told(builder, **{field: (promise,)})]).promises

    assert ["released" if field == "promises_released" else "kept"] == [
        row.state for row in rows if row.promise_id == promise
    ]
