"""What all builders share: one complaint, one customer, one Monday morning."""

from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from shared import ids
from shared.events.envelope import Actor, ComplaintFact, Fact
from shared.events.registry import type_of

T0: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
TENANT: Final = "default"
SUBMISSION_ID: Final = ids.derive("submission", TENANT, "crm", "n1")
COMPLAINT_ID: Final = ids.complaint_id(tenant=TENANT, source="crm", source_id="n1")
OTHER_ID: Final = ids.complaint_id(tenant=TENANT, source="crm", source_id="n2")
CUSTOMER_ID: Final = ids.derive("customer", "13800138000")
PROMISE_ID: Final = ids.derive("promise", COMPLAINT_ID, "first_response", "1")
CALLBACK_ID: Final = ids.derive("callback", COMPLAINT_ID, "first_response", "1")
SYSTEM: Final = Actor(role="system")

F = TypeVar("F", bound=Fact)


def fact(kind: type[F], given: dict[str, Any], /, **usual: Any) -> F:
    """A fact of `kind`: the envelope's usual fields, then the kind's, then what is given; ids follow from the cause."""
    fields: dict[str, Any] = {
        "tenant": TENANT,
        "actor": SYSTEM,
        "occurred_at": T0,
        "accepted_at": T0,
        "causation_id": SUBMISSION_ID,
        "correlation_id": SUBMISSION_ID,
    }
    if issubclass(kind, ComplaintFact):
        fields |= {"complaint_id": COMPLAINT_ID, "customer_id": CUSTOMER_ID}
    fields |= usual | given
    fields.setdefault("id", ids.event_id(cause=str(fields["causation_id"]), type_=type_of(kind)))
    return kind(**fields)
