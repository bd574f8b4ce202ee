"""What the read API shows: field names and order are the columns of the views of the data dictionary."""

from datetime import date, datetime
from typing import Generic, Literal, TypeAlias, TypeVar
from uuid import UUID

from msgspec import Raw, Struct

from shared.events.envelope import Personal

Row = TypeVar("Row")
PersonalState: TypeAlias = Literal["none", "masked", "revealed", "erased"]


class ShownComplaint(Struct, frozen=True):
    """A row of `v_complaints`."""

    complaint_id: UUID
    tenant: str
    customer_id: UUID
    source: str | None
    source_id: str | None
    channel: str
    region: str
    lang: str
    time_zone: str
    customer_tier: str
    taken_by: str
    occurred_at: datetime
    received_at: datetime
    status: str
    kind: str | None
    cause: str | None
    sub_cause: str | None
    severity: str | None
    priority: int | None
    responsibility: str | None
    unit: str | None
    tier: str | None
    handler_level: str | None
    strategy: str | None
    emotion: int | None
    repeat: int | None
    danger: bool | None
    abuse: bool | None
    amount_minor: int | None
    demands: list[str] | None
    cross_level: str | None
    cross_target: str | None
    cross_reason: str | None
    key_complete: bool
    revision: int | None
    because: str | None
    pack: str | None
    first_routed_at: datetime | None
    routed_at: datetime | None
    first_unit: str | None
    transfers: int
    escalated: bool
    next_promise_kind: str | None
    next_promise_due_at: datetime | None
    promises_open: int
    promises_kept: int
    promises_renewed: int
    promises_broken: int
    contacts: int
    conversations: int
    contact_minutes: int
    emotion_last: int | None
    accepted_unit: str | None
    accepted_at: datetime | None
    refusals: int
    proposals: int
    delivered_at: datetime | None
    solution_accepted: bool | None
    demands_answered: bool | None
    compensation_minor: int | None
    withdrawn_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    reopened: int
    csat: int | None
    surveyed_at: datetime | None
    merged_into: UUID | None


class ShownPromise(Struct, frozen=True):
    """A row of `v_promises`."""

    promise_id: UUID
    complaint_id: UUID
    tenant: str | None
    kind: str | None
    number: int | None
    state: str
    starts_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    owner: str | None
    basis: str | None
    renewals: int | None
    provisional: bool | None
    holding_reply_at: datetime | None
    channel: str | None
    region: str | None
    matter: str | None
    cause: str | None
    severity: str | None
    unit: str | None
    tier: str | None
    strategy: str | None


class ShownCallback(Struct, frozen=True):
    """A row of `v_callbacks`, without what its complaint says already."""

    callback_id: UUID
    purpose: str | None
    state: str
    not_before: datetime | None
    not_after: datetime | None
    attempt: int | None
    attempts_max: int | None
    promise_id: UUID | None
    requested_at: datetime | None
    settled_at: datetime | None
    outcome: str | None
    handed_to: str | None


class ShownEvent(Struct, frozen=True):
    """A row of `v_timeline`; `facts` is what the event says, without its envelope and sealed part."""

    partition: int
    offset: int
    event_id: UUID
    type: str
    occurred_at: datetime
    accepted_at: datetime
    decided_at: datetime | None
    actor_role: str
    actor_id: str | None
    causation_id: UUID
    pack: str | None
    facts: Raw


class Answer(Struct, frozen=True, kw_only=True):
    """`as_of`: the next offset of each `topic:partition`; the answer holds everything before it, and nothing after."""

    as_of: dict[str, int]


class Page(Answer, Generic[Row], frozen=True, kw_only=True):
    """Rows, and the `cursor` to ask on with (null: no more)."""

    items: list[Row]
    cursor: str | None


class ComplaintAnswer(Answer, frozen=True, kw_only=True):
    """One complaint as the list shows it."""

    complaint: ShownComplaint


class ComplaintDetail(ComplaintAnswer, frozen=True, kw_only=True):
    """One complaint with its ledgers, and what identifies the customer: masked, revealed, or erased."""

    promises: list[ShownPromise]
    callbacks: list[ShownCallback]
    personal_state: PersonalState
    personal: Personal


class Timeline(Answer, frozen=True, kw_only=True):
    """Every event of a complaint in the order of the log."""

    items: list[ShownEvent]


class Counts(Struct, frozen=True):
    """The counts of `v_kpi_daily`, summed up."""

    received: int = 0
    routed: int = 0
    closed: int = 0
    first_contact_resolved: int = 0
    demands_answered: int = 0
    reopened: int = 0
    transfers: int = 0
    refusals: int = 0
    escalated: int = 0
    cross_level_threatened: int = 0
    cross_level_actual: int = 0
    key_complete: int = 0
    contact_minutes: int = 0
    csat_answers: int = 0
    csat_sum: int = 0
    promises_due: int = 0
    promises_kept: int = 0
    promises_renewed: int = 0
    promises_broken: int = 0


class Rates(Struct, frozen=True):
    """The rates of `v_kpi_daily`; null where nothing was there to divide by."""

    promises_kept_rate: float | None
    first_contact_resolution: float | None
    solution_rate: float | None
    escalation_rate: float | None
    key_complete_rate: float | None
    average_handle_minutes: float | None
    csat: float | None


class DailyFigures(Struct, frozen=True, kw_only=True):
    """One day's figures for one value of each dimension asked for."""

    day: date
    dimensions: dict[str, str]
    counts: Counts
    rates: Rates


class DailyAnswer(Answer, frozen=True, kw_only=True):
    """Daily figures; `complete` is false where there were more rows than the answer may hold."""

    items: list[DailyFigures]
    complete: bool


class Summary(Answer, frozen=True, kw_only=True):
    """Everything at a glance. `received` and `kinds` count all matters, promises and callbacks those of all matters;
    everything else counts complaints only."""

    received: int
    complaints: int
    kinds: dict[str, int]
    statuses: dict[str, int]
    severities: dict[str, int]
    causes: dict[str, int]
    units: dict[str, int]
    strategies: dict[str, int]
    cross_levels: dict[str, int]
    promises: dict[str, int]
    callbacks: dict[str, int]
    callback_outcomes: dict[str, int]
    counts: Counts
    rates: Rates
