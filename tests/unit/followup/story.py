"""One complaint told step by step: facts and times go in, the events of follow-up come out."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.followup.calendar.tables import load_calendars
from services.followup.model import Closed, CustomerDay, Ledger, Open, Read
from services.followup.rules.course import Course, Setting, advance, take
from shared import ids
from shared.events.envelope import ComplaintFact
from shared.events.followup import CallbackPlanned, PromiseOpened
from shared.events.intake import PromiseKind, PromiseMade
from shared.events.routing import ComplaintRouted, PromiseTime
from tests.builders import intake, routing
from tests.builders.common import T0

CALENDARS: Final = load_calendars()
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
STANDARD: Final = (
    PromiseTime("first_response", 60),
    PromiseTime("progress", 480),
    PromiseTime("resolution", 1440),
)
E = TypeVar("E", bound=ComplaintFact)


def local(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """`2026-03-02 09:00` in that zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def moments(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Any time between two dates, UTC."""
    return st.datetimes(datetime.fromisoformat(first), datetime.fromisoformat(last), timezones=st.just(UTC))


def routed(at: datetime = T0, *, decision: dict[str, Any] | None = None, assessment: dict[str, Any] | None = None, **given: Any) -> ComplaintRouted:  # fmt: skip
    """A decision with the standard promises and no regulator's clock."""
    times = {"occurred_at": at, "accepted_at": at, "received_at": at, "correlation_id": "first-of-the-chain"}
    decided = routing.decision(**({"promises": STANDARD, "clocks": (), "severity": "S3"} | (decision or {})))
    calm = {"cross_level": "none", "cross_target": "", "cross_reason": ""} | (assessment or {})
    return routing.routed(**(times | given | {"decision": decided, "assessment": routing.assessment(**calm)}))


class Story:
    """A course that goes on with every fact; each fact has its own id."""

    def __init__(self, day: CustomerDay | None = None) -> None:
        self.course = Course(day=day or CustomerDay())
        self.now = T0 + timedelta(days=400)
        self.facts = 0

    @classmethod
    def planned(cls, at: datetime = T0, **given: Any) -> "Story":
        """A story that begins with its plan."""
        story = cls()
        story.take(routed(at, **given))
        return story

    def take(self, fact: Read) -> tuple[ComplaintFact, ...]:
        """`fact` comes in; returns the events that it led to."""
        before = len(self.course.events)
        self.course = take(self.course, fact, Setting(CALENDARS, self.now))
        return self.course.events[before:]

    def until(self, at: datetime) -> tuple[ComplaintFact, ...]:
        """Nothing comes until `at`; returns the events of that silence."""
        before = len(self.course.events)
        self.course = advance(self.course, at, Setting(CALENDARS, self.now))
        return self.course.events[before:]

    def contact(
        self, at: datetime, *, promised: tuple[PromiseMade, ...] = (), **given: Any
    ) -> tuple[ComplaintFact, ...]:
        """A contact is recorded at `at`."""
        return self.take(intake.contact_recorded(promised=promised, **self.at(at), **given))

    def delivered(self, at: datetime, *, accepted: bool) -> tuple[ComplaintFact, ...]:
        """The customer was told the result."""
        return self.take(intake.solution_delivered(accepted=accepted, **self.at(at)))

    def at(self, at: datetime) -> dict[str, Any]:
        """The envelope of a fact accepted at `at`, with an id of its own."""
        self.facts += 1
        return {"occurred_at": at, "accepted_at": at, "id": ids.derive("fact", str(self.facts))}

    @property
    def ledger(self) -> Ledger:
        """What is owed."""
        assert isinstance(self.course.state, Open | Closed)
        return self.course.state.ledger

    def promise(self, kind: PromiseKind) -> PromiseOpened:
        """The open promise of `kind`, of which there is one."""
        (found,) = [p for p in self.ledger.promises if p.kind == kind]
        return found

    def callback(self, purpose: str) -> CallbackPlanned:
        """The open callback for `purpose`, of which there is one."""
        (found,) = [c for c in self.ledger.callbacks if c.purpose == purpose]
        return found

    def ended(self) -> list[tuple[str, int, str]]:
        """(kind, number, how) of every promise that ended, in order."""
        return [(e.promise.kind, e.promise.number, e.how) for e in self.ledger.ended]


def only(events: tuple[ComplaintFact, ...], kind: type[E]) -> E:
    """The one event of `kind` among `events`."""
    (found,) = [event for event in events if isinstance(event, kind)]
    return found
