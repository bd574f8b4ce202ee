"""Which events a fact may have led to: what is published again when the fact comes again."""

from collections.abc import Iterator
from typing import Final

from services.followup.model import Read, State, Waiting
from services.followup.rules.callbacks import REQUESTED, SETTLED
from services.followup.rules.closing import CLOSED, REOPENED
from services.followup.rules.envelope import callback_id
from services.followup.rules.keeping import KEPT, RENEWED
from services.followup.rules.lapsing import BROKEN, HOLDING
from services.followup.rules.plan import PLANNED
from services.followup.rules.policy import AFTER_BROKEN_MINUTES
from shared.events.routing import ComplaintRouted
from shared.ids import event_id

_BY_FACT: Final = (PLANNED, KEPT, SETTLED, CLOSED, REOPENED)
_BY_PROMISE: Final = (BROKEN, HOLDING)
_BY_CALLBACK: Final = (REQUESTED, SETTLED)


def is_repeated(fact: Read, state: State) -> bool:
    """Whether `fact` was taken in before (one that is only held led to nothing yet)."""
    return not isinstance(state, Waiting) and fact.id in state.ledger.seen


def ids_led_to(fact: Read, state: State) -> Iterator[str]:
    """The ids of all events that `fact`, and the time before it, can have led to; most of them never happened."""
    if isinstance(state, Waiting):
        return
    ledger = state.ledger
    for cause in ledger.seen if isinstance(fact, ComplaintRouted) else (fact.id,):
        for type_ in _BY_FACT:
            yield event_id(cause=cause, type_=type_)
        for kind in AFTER_BROKEN_MINUTES:
            yield event_id(cause=cause, type_=RENEWED, discriminator=kind)
    for promise in (*ledger.promises, *(e.promise for e in ledger.ended)):
        for type_ in _BY_PROMISE:
            yield event_id(cause=promise.promise_id, type_=type_)
    for number in range(1, ledger.callbacks_made + 1):
        for type_ in _BY_CALLBACK:
            yield event_id(cause=callback_id(state.terms.complaint_id, number), type_=type_)
