"""The projected tables and what happens where a row is there already: the merges of the rules, said in SQL."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import astuple

from services.reporting.model import CallbackRow, Complaint, Contact, DecisionRow, Link, Progress, PromiseRow


class Table(Struct, frozen=True, kw_only=True):
    """A table, the struct whose fields are its columns, its key, and the upsert's action on an older row, `was`.

    `is_new` says of a row whether it can be expected not to be there: then it is copied, which costs half.
    """

    name: str
    row: type[Struct]
    key: str
    on_conflict: str
    is_new: Callable[[Any], bool]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order of the row's fields."""
        return self.row.__struct_fields__

    def upsert(self, schema: str) -> str:
        """The statement that inserts one row or merges it into the one that is there."""
        parameters = ", ".join(f"${n}" for n in range(1, len(self.columns) + 1))
        return (
            f"INSERT INTO {schema}.{self.name} AS was ({', '.join(self.columns)}) VALUES ({parameters}) "
            f"ON CONFLICT ({self.key}) {self.on_conflict}"
        )


def values(row: Struct) -> tuple[Any, ...]:
    """The row's values in the order of its columns."""
    return astuple(row)


def _replaced(row: type[Struct], key: str) -> str:
    return ", ".join(f"{c} = excluded.{c}" for c in row.__struct_fields__ if c != key)


# A receipt replaces what was only guessed from later facts.
COMPLAINTS: Final = Table(
    name="complaints", row=Complaint, key="complaint_id", is_new=lambda row: True,
    on_conflict=f"DO UPDATE SET {_replaced(Complaint, 'complaint_id')} WHERE was.source IS NULL AND excluded.source IS NOT NULL",
)  # fmt: skip

_FIRST = {"first_routed_at", "first_unit", "first_tier", "first_cross_level"}
_NEWEST = ", ".join(
    f"{c} = excluded.{c}"
    for c in DecisionRow.__struct_fields__
    if c not in _FIRST | {"complaint_id", "peak_tier", "transfers"}
)
DECISIONS: Final = Table(
    name="decisions", row=DecisionRow, key="complaint_id", is_new=lambda row: row.revision == 1,
    on_conflict=f"""DO UPDATE SET {_NEWEST},
peak_tier = greatest(was.peak_tier, excluded.peak_tier),
transfers = was.transfers + (was.unit <> excluded.first_unit)::int + excluded.transfers
WHERE excluded.revision > was.revision""",
)  # fmt: skip

PROGRESS: Final = Table(
    name="progress", row=Progress, key="complaint_id", is_new=lambda row: False,
    on_conflict="""DO UPDATE SET
status = coalesce(excluded.status, was.status),
closed_at = CASE WHEN excluded.status IS NULL THEN was.closed_at ELSE excluded.closed_at END,
close_reason = CASE WHEN excluded.status IS NULL THEN was.close_reason ELSE excluded.close_reason END,
reopened = was.reopened + excluded.reopened,
accepted_at = coalesce(excluded.accepted_at, was.accepted_at),
accepted_unit = coalesce(excluded.accepted_unit, was.accepted_unit),
refusals = was.refusals + excluded.refusals,
proposals = was.proposals + excluded.proposals,
delivered_at = coalesce(excluded.delivered_at, was.delivered_at),
solution_accepted = coalesce(excluded.solution_accepted, was.solution_accepted),
demands_answered = CASE WHEN excluded.delivered_at IS NULL THEN was.demands_answered ELSE excluded.demands_answered END,
compensation_minor = CASE WHEN excluded.delivered_at IS NULL THEN was.compensation_minor ELSE excluded.compensation_minor END,
withdrawn_at = coalesce(excluded.withdrawn_at, was.withdrawn_at),
key_findings = coalesce(excluded.key_findings, was.key_findings),
csat = coalesce(excluded.csat, was.csat),
surveyed_at = coalesce(excluded.surveyed_at, was.surveyed_at)""",
)  # fmt: skip

_GIVEN = ", ".join(
    f"{c} = coalesce(was.{c}, excluded.{c})"
    for c in ("number", "starts_at", "owner", "basis", "renewals", "provisional")
)
PROMISES: Final = Table(
    name="promises", row=PromiseRow, key="complaint_id, promise_id", is_new=lambda row: row.number is not None,
    on_conflict=f"""DO UPDATE SET {_GIVEN},
kind = CASE WHEN was.number IS NULL THEN coalesce(excluded.kind, was.kind) ELSE was.kind END,
due_at = CASE WHEN was.number IS NULL THEN coalesce(excluded.due_at, was.due_at) ELSE was.due_at END,
state = CASE WHEN was.state = 'broken' OR excluded.state = 'open' THEN was.state ELSE excluded.state END,
ended_at = CASE WHEN was.state = 'broken' OR excluded.state = 'open' THEN was.ended_at ELSE excluded.ended_at END,
holding_reply_at = coalesce(excluded.holding_reply_at, was.holding_reply_at)""",
)  # fmt: skip

_PLAN = ", ".join(
    f"{c} = CASE WHEN excluded.purpose IS NULL THEN was.{c} ELSE excluded.{c} END"
    for c in ("purpose", "not_before", "not_after", "attempt", "attempts_max", "promise_id")
)
CALLBACKS: Final = Table(
    name="callbacks", row=CallbackRow, key="complaint_id, callback_id", is_new=lambda row: row.purpose is not None,
    on_conflict=f"""DO UPDATE SET {_PLAN}, state = excluded.state,
requested_at = coalesce(excluded.requested_at, was.requested_at),
settled_at = coalesce(excluded.settled_at, was.settled_at),
outcome = coalesce(excluded.outcome, was.outcome),
handed_to = coalesce(excluded.handed_to, was.handed_to)""",
)  # fmt: skip

CONTACTS: Final = Table(
    name="contacts", row=Contact, key="complaint_id, event_id", on_conflict="DO NOTHING", is_new=lambda row: True
)

# Linking again undoes a split; a split leaves the relation to be read.
LINKS: Final = Table(
    name="links", row=Link, key="complaint_id, other_id", is_new=lambda row: False,
    on_conflict="""DO UPDATE SET
relation = coalesce(excluded.relation, was.relation),
linked_at = coalesce(excluded.linked_at, was.linked_at),
undone_at = excluded.undone_at""",
)  # fmt: skip

TABLES: Final = (COMPLAINTS, DECISIONS, PROGRESS, PROMISES, CALLBACKS, CONTACTS, LINKS)
