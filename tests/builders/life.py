"""Ready-made facts of one complaint's life, in order, each with anything overridable by keyword."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from msgspec.structs import replace

from shared import ids
from shared.events import followup, intake, routing
from shared.events.envelope import ComplaintFact, Fact, Sealed
from shared.events.registry import encode, type_of
from shared.pipeline.records import Record
from tests.builders import common

START = common.T0
F = TypeVar("F", bound=ComplaintFact)


class Life:
    """One complaint; `facts` are those that happened so far, an hour apart."""

    def __init__(self, number: int = 1, *, tenant: str = "default", at: datetime = START) -> None:
        self.complaint_id = ids.complaint_id(tenant=tenant, source="crm", source_id=f"n{number}")
        self.customer_id = ids.derive("customer", str(number))
        self.submission_id = ids.derive("submission", tenant, "crm", f"n{number}")
        self.number, self.tenant, self.at = number, tenant, at
        self.facts: list[ComplaintFact] = []

    def fact(self, kind: type[F], /, *, hours: float = 1, **fields: Any) -> F:
        """The next fact of the life."""
        if self.facts:
            self.at += timedelta(hours=hours)
        cause = self.facts[-1].id if self.facts else self.submission_id
        event = common.fact(
            kind, fields, tenant=self.tenant, occurred_at=self.at, accepted_at=self.at, causation_id=cause,
            correlation_id=self.submission_id, complaint_id=self.complaint_id, customer_id=self.customer_id,
        )  # fmt: skip
        self.facts.append(event)
        return event

    def received(self, **fields: Any) -> intake.ComplaintReceived:
        """It came in by the hotline, with one key fact missing."""
        return self.fact(intake.ComplaintReceived, **{
            "channel": "hotline", "source": "crm", "source_id": f"n{self.number}", "text_length": 42, "taken_by": "a7",
            "key_facts": intake.KeyFacts(product="router", region="江苏"), "sealed": Sealed(1, b"\x00" * 40),
            "findings": (intake.KeyFinding("missing", "address"),), **fields,
        })  # fmt: skip

    def routed(
        self, *, assessment: dict[str, Any] | None = None, decision: dict[str, Any] | None = None, **fields: Any
    ) -> routing.ComplaintRouted:
        """A broadband fault for the network unit, serious."""
        return self.fact(routing.ComplaintRouted, hours=0.01, **{
            "assessment": routing.Assessment(**{
                "kind": "complaint", "cause": "product", "sub_cause": "broadband", "matrix": "product", "emotion": 6,
                "demands": ("repair", "refund"), **(assessment or {}),
            }),
            "decision": routing.Decision(**{
                "severity": "S2", "priority": 70, "responsibility": "unit", "unit": "network-js", "tier": "L2",
                "handler_level": "middle", "strategy": "standard",
                "promises": (routing.PromiseTime("first_response", 120),), **(decision or {}),
            }),
            "pack": "p1", "received_at": self.facts[0].accepted_at if self.facts else self.at, "channel": "hotline",
            "key_complete": False, "decided_at": self.at, **fields,
        })  # fmt: skip

    def promise(
        self, kind: intake.PromiseKind, number: int = 1, *, hours: float = 24, **fields: Any
    ) -> followup.PromiseOpened:
        """A promise due so many hours after now."""
        return followup.PromiseOpened(**{
            "promise_id": ids.derive("promise", self.complaint_id, kind, str(number)), "kind": kind, "number": number,
            "starts_at": self.at, "due_at": self.at + timedelta(hours=hours), **fields,
        })  # fmt: skip

    def callback(self, purpose: str = "result", number: int = 1, **fields: Any) -> followup.CallbackPlanned:
        """A callback within the next two hours."""
        return followup.CallbackPlanned(**{
            "callback_id": ids.derive("callback", self.complaint_id, purpose, str(number)), "purpose": purpose,
            "not_before": self.at, "not_after": self.at + timedelta(hours=2), **fields,
        })  # fmt: skip

    def planned(
        self, *promises: followup.PromiseOpened, callbacks: tuple[followup.CallbackPlanned, ...] = ()
    ) -> followup.FollowupPlanned:
        """Its first promises: a first response and a resolution, unless others are given."""
        given = promises or (self.promise("first_response", hours=2), self.promise("resolution", hours=48))
        return self.fact(followup.FollowupPlanned, hours=0.01, strategy="standard", promises=given, callbacks=callbacks)

    def contacted(self, **fields: Any) -> intake.ContactRecorded:
        """A call that reached the customer."""
        return self.fact(
            intake.ContactRecorded,
            **{"direction": "outbound", "outcome": "reached", "minutes": 6, "handler": "h1", **fields},
        )

    def kept(self, promise: followup.PromiseOpened, **fields: Any) -> followup.PromiseKept:
        """The promise was kept."""
        return self.fact(
            followup.PromiseKept,
            **{"promise_ids": (promise.promise_id,), "kinds": (promise.kind,), "due_at": promise.due_at, **fields},
        )

    def broken(self, promise: followup.PromiseOpened, **fields: Any) -> followup.PromiseBroken:
        """The promise lapsed."""
        return self.fact(
            followup.PromiseBroken, promise_id=promise.promise_id, kind=promise.kind, due_at=promise.due_at, **fields
        )

    def renewed(
        self, promise: followup.PromiseOpened, opened: followup.PromiseOpened, **fields: Any
    ) -> followup.PromiseRenewed:
        """A holding reply gave a new date."""
        return self.fact(
            followup.PromiseRenewed,
            promise_id=promise.promise_id,
            kind=promise.kind,
            due_at=promise.due_at,
            opened=opened,
            **fields,
        )

    def closed(self, **fields: Any) -> followup.ComplaintClosed:
        """Nothing is owed any more."""
        return self.fact(followup.ComplaintClosed, **{"reason": "solved", **fields})


def records(events: Iterable[Fact], *, first_offset: int = 0, partition: int = 0) -> list[Record]:
    """`events` as they come from the log."""
    return [
        Record(
            "kesu.complaints",
            partition,
            first_offset + n,
            int(event.accepted_at.timestamp() * 1000),
            event,
            encode(event),
        )
        for n, event in enumerate(events)
    ]


def under_other_id(event: F, discriminator: str) -> F:
    """The same fact as another event."""
    return replace(
        event, id=ids.event_id(cause=event.causation_id, type_=type_of(type(event)), discriminator=discriminator)
    )
