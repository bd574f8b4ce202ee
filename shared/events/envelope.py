"""The envelope every fact on the log carries, whoever published it."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Role = Literal["customer", "channel", "agent", "handler", "unit", "supervisor", "policy_owner", "system"]
Language = Literal["zh", "en"]
Text = Annotated[str, Meta(max_length=200)]
Minutes = Annotated[int, Meta(ge=0)]


class Actor(Struct, frozen=True, omit_defaults=True):
    """Who did it: a role, and a pseudonymous id within the centre (never a name)."""

    role: Role
    id: str = ""


class Sealed(Struct, frozen=True):
    """The personal part of an event: AES-SIV under version `key` of the customer's own key."""

    key: int
    box: bytes


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """Something that happened. Times are UTC.

    `occurred_at` is when it happened in the world, `accepted_at` when Kesu took it from outside (a decision inherits
    it from its cause), `decided_at` when a service decided it. `causation_id` is the event (or submission) it follows
    from, `correlation_id` the first event of the chain. `pack` (content hash) and `control_offset` say which policy
    and which state of `kesu.control` a decision saw.
    """

    id: str
    tenant: str = "default"
    actor: Actor
    occurred_at: datetime
    accepted_at: datetime
    decided_at: datetime | None = None
    causation_id: str
    correlation_id: str
    pack: str | None = None
    control_offset: int | None = None


class ComplaintFact(Fact, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """A fact of one complaint: keyed by `complaint_id` on `kesu.complaints`."""

    complaint_id: str
    customer_id: str
    lang: Language = "zh"
    sealed: Sealed | None = None


class ControlFact(Fact, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """A fact that belongs to no complaint: on `kesu.control`, one partition, kept for ever."""


class Personal(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What identifies a person, and the person's own words: the plain text of a `Sealed` part."""

    text: str = ""
    name: str = ""
    account: str = ""
    phone: str = ""
    handle: str = ""
    email: str = ""
    address: str = ""
    order_number: str = ""
