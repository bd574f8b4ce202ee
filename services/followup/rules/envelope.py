"""The envelope of follow-up's events: what each inherits from its complaint and from what caused it."""

from datetime import datetime
from typing import Final, TypedDict

from msgspec import Struct

from services.followup.model import Terms
from shared.events.envelope import Actor, Fact, Language
from shared.ids import derive, event_id

SYSTEM: Final = Actor(role="system", id="followup")


class Cause(Struct, frozen=True):
    """What an event follows from: a fact of the log, or a promise or callback whose time has come."""

    id: str
    occurred_at: datetime
    accepted_at: datetime
    decided_at: datetime
    pack: str | None = None
    control_offset: int | None = None


class Envelope(TypedDict):
    """The fields every event of follow-up has."""

    id: str
    tenant: str
    actor: Actor
    occurred_at: datetime
    accepted_at: datetime
    decided_at: datetime
    causation_id: str
    correlation_id: str
    pack: str | None
    control_offset: int | None
    complaint_id: str
    customer_id: str
    lang: Language


def cause_of(fact: Fact, now: datetime) -> Cause:
    """`fact` as a cause of what is decided `now`."""
    return Cause(fact.id, fact.occurred_at, fact.accepted_at, now, fact.pack, fact.control_offset)


def time_came(id_: str, at: datetime, now: datetime) -> Cause:
    """The time `at` of promise or callback `id_` has come; noticed `now`."""
    return Cause(id_, at, at, now)


def envelope(type_: str, terms: Terms, cause: Cause, discriminator: str = "") -> Envelope:
    """The envelope of the event of `type_`; an event of the same type by the same cause needs a `discriminator`."""
    return {
        "id": event_id(cause=cause.id, type_=type_, discriminator=discriminator),
        "tenant": terms.tenant,
        "actor": SYSTEM,
        "occurred_at": cause.occurred_at,
        "accepted_at": cause.accepted_at,
        "decided_at": cause.decided_at,
        "causation_id": cause.id,
        "correlation_id": terms.correlation_id,
        "pack": cause.pack,
        "control_offset": cause.control_offset,
        "complaint_id": terms.complaint_id,
        "customer_id": terms.customer_id,
        "lang": terms.lang,
    }


def promise_id(complaint_id: str, kind: str, number: int) -> str:
    """The id of promise `number` of `kind` on this complaint."""
    return derive("promise", complaint_id, kind, str(number))


def callback_id(complaint_id: str, number: int) -> str:
    """The id of callback `number` (each attempt has its own) on this complaint."""
    return derive("callback", complaint_id, str(number))
