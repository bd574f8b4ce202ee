"""What handlers, units, supervisors and customers do about what they see on the log; seeded, so always the same."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from kesu.demo.agenda import on_grid
from shared.events import followup
from shared.events.envelope import Fact, Role
from shared.events.followup import CallbackPlanned, PromiseOpened
from shared.events.intake import Demand, DemandAnswer, Outcome, PromiseMade, Step
from shared.events.routing import ComplaintRouted
from shared.events.submissions import (
    AcceptanceSubmission,
    ContactSubmission,
    DeliverySubmission,
    FactSubmission,
    Reference,
    SurveySubmission,
    WithdrawalSubmission,
)

Act: TypeAlias = tuple[datetime, str, FactSubmission]
STEPS: Final[tuple[Step, ...]] = ("settle_feeling", "diagnose", "explain_offer", "check_acceptance", "take_leave")
OUTCOMES: Final[tuple[tuple[Outcome, int], ...]] = (
    ("reached", 74),
    ("no_answer", 16),
    ("busy", 7),
    ("refused", 2),
    ("wrong_number", 1),
)
HOUR: Final = timedelta(hours=1)


class People:
    """Reacts to events of the log with what people will submit later."""

    def __init__(self, *, seed: int) -> None:
        self._seed = seed
        self._demands: dict[str, tuple[Demand, ...]] = {}
        self._zones: dict[str, ZoneInfo] = {}

    def react(self, event: Fact) -> Iterator[Act]:
        """What somebody will do because of `event`."""
        match event:
            case ComplaintRouted():
                self._demands[event.complaint_id] = event.assessment.demands or ("explanation",)
                self._zones[event.complaint_id] = ZoneInfo(event.time_zone)
                yield from self._unit(event)
            case followup.FollowupPlanned(promises=promises):
                yield from self._solve(event, promises)
            case followup.CallbackRequested(callback=callback):
                yield from self._call(event, callback)
            case followup.HoldingReplyRequested():
                yield from self._hold(event)
            case followup.PromiseBroken(opened=opened):
                yield from self._repair(event, opened)
            case followup.ComplaintClosed(reason="solved"):
                yield from self._survey(event)
            case _:
                return

    def _unit(self, event: ComplaintRouted) -> Iterator[Act]:
        luck = self._luck(event.id)
        if event.decision.responsibility == "unit" and luck.random() < 0.9:
            at = self._office(event, event.accepted_at + luck.uniform(0.5, 4) * HOUR)
            yield self._act(AcceptanceSubmission, event, at, "unit", role="unit", unit=event.decision.unit)
        if event.assessment.kind == "complaint" and luck.random() < 0.02:
            at = self._office(event, event.accepted_at + luck.uniform(2, 30) * HOUR)
            yield self._act(WithdrawalSubmission, event, at, "withdraws", role="customer", reason="solved_itself")

    def _solve(self, event: followup.FollowupPlanned, promises: tuple[PromiseOpened, ...]) -> Iterator[Act]:
        luck = self._luck(event.id)
        for promise in promises:
            if promise.kind == "resolution":
                share = luck.uniform(0.2, 0.95) if luck.random() < 0.82 else luck.uniform(1.02, 1.6)
                yield self._deliver(event, promise.starts_at + share * (promise.due_at - promise.starts_at), luck)
            elif len(promises) == 1:
                at = self._office(
                    event, promise.starts_at + luck.uniform(0.2, 1.02) * (promise.due_at - promise.starts_at)
                )
                yield self._contact(event, at, "answers", purpose="result", outcome="reached")

    def _deliver(self, event: Any, at: datetime, luck: Random) -> Act:
        accepted = luck.random() < 0.86
        answers = tuple(
            DemandAnswer(demand, "granted" if luck.random() < 0.7 else "refused") for demand in self._wanted(event)
        )
        return self._act(
            DeliverySubmission,
            event,
            self._office(event, at),
            "delivers",
            role="handler",
            accepted=accepted,
            answers=answers,
        )

    def _call(self, event: followup.CallbackRequested, callback: CallbackPlanned) -> Iterator[Act]:
        luck = self._luck(event.id)
        if luck.random() < 0.05:
            return  # forgotten: this is how promises break
        outcome = luck.choices([o for o, _ in OUTCOMES], [w for _, w in OUTCOMES])[0]
        at = min(
            on_grid(callback.not_before) + timedelta(minutes=15 * luck.randrange(1, 4)),
            on_grid(callback.not_after, up=False),
        )
        purpose = (
            callback.purpose
            if callback.purpose in ("first_response", "progress", "result", "satisfaction")
            else "other"
        )
        yield self._contact(
            event,
            max(at, on_grid(event.occurred_at)),
            "calls",
            purpose=purpose,
            outcome=outcome,
            callback_id=callback.callback_id,
        )
        if callback.purpose in ("result", "recovery") and outcome == "reached":
            yield self._deliver(event, at + 2 * HOUR, luck)

    def _hold(self, event: followup.HoldingReplyRequested) -> Iterator[Act]:
        luck = self._luck(event.id)
        if luck.random() < 0.85:
            at = on_grid(event.occurred_at + timedelta(minutes=luck.randrange(0, 75)))
            at = min(at, on_grid(event.due_at - timedelta(minutes=15), up=False))
            promised = (PromiseMade(event.kind, event.proposed_due_at),)
            yield self._contact(
                event, at, "holds", purpose="holding_reply", outcome="reached", medium="message", promised=promised
            )
            if luck.random() < 0.8:
                share = luck.uniform(0.3, 0.95)
                yield self._deliver(event, event.due_at + share * (event.proposed_due_at - event.due_at), luck)

    def _repair(self, event: followup.PromiseBroken, opened: tuple[PromiseOpened, ...]) -> Iterator[Act]:
        luck = self._luck(event.id)
        for promise in opened:
            at = self._office(event, promise.starts_at + luck.uniform(0.2, 0.9) * (promise.due_at - promise.starts_at))
            yield self._contact(
                event, at, f"repairs-{promise.number}", purpose="progress", outcome="reached", role="supervisor"
            )
            if luck.random() < 0.7:
                yield self._deliver(event, at + luck.uniform(1, 24) * HOUR, luck)

    def _survey(self, event: followup.ComplaintClosed) -> Iterator[Act]:
        luck = self._luck(event.id)
        if luck.random() < 0.55:
            score = luck.choices([1, 2, 3, 4, 5], [3, 4, 12, 36, 45])[0]
            at = on_grid(event.occurred_at + luck.uniform(2, 60) * HOUR)
            yield self._act(SurveySubmission, event, at, "answers-survey", role="customer", score=score)

    def _contact(self, event: Any, at: datetime, what: str, *, role: Role = "handler", **fields: Any) -> Act:
        luck = self._luck(event.id + what)
        reached = fields["outcome"] == "reached"
        before = luck.randrange(3, 9)
        spoken = {
            "steps": STEPS[: luck.choice((5, 5, 5, 4, 3))], "minutes": luck.randrange(2, 9),
            "emotion_before": before, "emotion_after": max(1, before - luck.randrange(0, 5)),
        } if reached else {}  # fmt: skip
        return self._act(ContactSubmission, event, at, what, role=role, direction="outbound", **{**spoken, **fields})

    def _act(
        self, kind: type[FactSubmission], event: Any, at: datetime, what: str, *, role: Role, **fields: Any
    ) -> Act:
        number = self._luck(event.complaint_id).randrange(40)
        submission = kind(
            tenant=event.tenant, source="people", source_id=f"{what}:{event.id}", occurred_at=at,
            about=Reference(complaint_id=event.complaint_id), actor=f"{role}-{number:02d}", role=role, **fields,
        )  # fmt: skip
        return at, _TYPES[kind], submission

    def _office(self, event: Any, at: datetime) -> datetime:
        """`at` on the grid, moved into the day (08:30–20:30) where the customer lives."""
        zone = self._zones.get(event.complaint_id, ZoneInfo("Asia/Shanghai"))
        local = on_grid(at).astimezone(zone)
        minutes = local.hour * 60 + local.minute
        if minutes < 510:
            local = local.replace(hour=8, minute=30)
        elif minutes > 1230:
            local = (local + timedelta(days=1)).replace(hour=9, minute=0)
        return local.astimezone(at.tzinfo)

    def _wanted(self, event: Any) -> tuple[Demand, ...]:
        return self._demands.get(event.complaint_id, ("explanation",))

    def _luck(self, key: str) -> Random:
        return Random(f"{self._seed}:{key}")


_TYPES: Final[dict[type[FactSubmission], str]] = {
    AcceptanceSubmission: "kesu.submission.acceptance.v1",
    ContactSubmission: "kesu.submission.contact.v1",
    DeliverySubmission: "kesu.submission.delivery.v1",
    SurveySubmission: "kesu.submission.survey.v1",
    WithdrawalSubmission: "kesu.submission.withdrawal.v1",
}
