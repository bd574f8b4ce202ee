"""The rows reporting keeps: field names and order are the columns of the table of the same name."""

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from shared.events.envelope import ComplaintFact

PromiseState: TypeAlias = Literal["open", "kept", "renewed", "broken", "released"]
CallbackState: TypeAlias = Literal["planned", "requested", "settled", "cancelled"]
Status: TypeAlias = Literal["received", "open", "closed"]


class Complaint(Struct, frozen=True, kw_only=True):
    """What intake said; `source` is None while only later facts of the complaint are known."""

    complaint_id: str
    customer_id: str
    tenant: str
    source: str | None
    source_id: str | None
    channel: str
    region: str
    lang: str
    time_zone: str
    customer_tier: str
    occurred_at: datetime
    received_at: datetime
    text_length: int
    key_findings: int
    taken_by: str


class DecisionRow(Struct, frozen=True, kw_only=True):
    """The newest decision of a run of revisions, and the first of that run; `transfers` counts changes of unit within it."""

    complaint_id: str
    revision: int
    because: str
    first_routed_at: datetime
    routed_at: datetime
    pack: str | None
    kind: str
    cause: str
    sub_cause: str
    emotion: int
    repeat: int
    danger: bool
    abuse: bool
    amount_minor: int | None
    demands: tuple[str, ...]
    cross_level: str
    cross_target: str
    cross_reason: str
    severity: str
    priority: int
    responsibility: str
    unit: str
    tier: str
    handler_level: str
    strategy: str
    key_complete: bool
    first_unit: str
    first_tier: str
    first_cross_level: str
    peak_tier: str
    transfers: int


class Progress(Struct, frozen=True, kw_only=True):
    """What some facts changed; None says nothing about a column, the counts are to be added.

    `status`, `closed_at` and `close_reason` go together: where `status` is given, all three replace what was.
    """

    complaint_id: str
    status: Status | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    reopened: int = 0
    accepted_at: datetime | None = None
    accepted_unit: str | None = None
    refusals: int = 0
    proposals: int = 0
    delivered_at: datetime | None = None
    solution_accepted: bool | None = None
    demands_answered: bool | None = None
    compensation_minor: int | None = None
    withdrawn_at: datetime | None = None
    key_findings: int | None = None
    csat: int | None = None
    surveyed_at: datetime | None = None


class PromiseRow(Struct, frozen=True, kw_only=True):
    """A promise as opened (`number` is given), or only how it ended."""

    complaint_id: str
    promise_id: str
    state: PromiseState
    kind: str | None = None
    due_at: datetime | None = None
    number: int | None = None
    starts_at: datetime | None = None
    owner: str | None = None
    basis: str | None = None
    renewals: int | None = None
    provisional: bool | None = None
    ended_at: datetime | None = None
    holding_reply_at: datetime | None = None


class CallbackRow(Struct, frozen=True, kw_only=True):
    """A callback as planned (`purpose` is given), or only what became of it."""

    complaint_id: str
    callback_id: str
    state: CallbackState
    purpose: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    attempt: int | None = None
    attempts_max: int | None = None
    promise_id: str | None = None
    requested_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: str | None = None
    handed_to: str | None = None


class Contact(Struct, frozen=True, kw_only=True):
    """One conversation with the customer, or an attempt at one."""

    complaint_id: str
    event_id: str
    occurred_at: datetime
    direction: str
    purpose: str
    outcome: str
    medium: str
    handler: str
    callback_id: str | None
    steps: tuple[str, ...]
    emotion_before: int | None
    emotion_after: int | None
    minutes: int
    abusive: bool
    promised: int


class Link(Struct, frozen=True, kw_only=True):
    """This complaint and another belong together (`relation` is given), or no longer do (`undone_at`)."""

    complaint_id: str
    other_id: str
    relation: str | None = None
    linked_at: datetime | None = None
    undone_at: datetime | None = None


class Changes(Struct, frozen=True, kw_only=True):
    """What a batch of new events changes: at most one row per key and table.

    `mentioned` holds, per complaint that was not received in this batch, its first event: should the complaint be
    unknown, its row is made from it.
    """

    complaints: list[Complaint]
    decisions: list[DecisionRow]
    progress: list[Progress]
    promises: list[PromiseRow]
    callbacks: list[CallbackRow]
    contacts: list[Contact]
    links: list[Link]
    mentioned: dict[str, ComplaintFact]
