"""Whatever happens in whatever order: an open complaint has an open promise, and every promise ends once."""

from collections import Counter
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.followup.model import Closed, Open
from shared.events.followup import ComplaintClosed, PromiseBroken, PromiseKept, PromiseRenewed
from shared.events.intake import PromiseMade
from shared.events.routing import LegalClock
from tests.builders import intake
from tests.builders.common import T0
from tests.unit.followup.story import Story, routed

PURPOSES = ("first_response", "progress", "holding_reply", "result", "satisfaction", "other")
OUTCOMES = ("reached", "no_answer", "busy", "refused", "wrong_number")
KINDS = ("first_response", "progress", "resolution", "callback")
REGULATOR = {"cross_level": "actual", "cross_target": "regulator"}


class Complaint(RuleBasedStateMachine):
    """One complaint through anything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.clock = T0
        self.revision = 1

    @initialize(
        kind=st.sampled_from(["complaint", "inquiry", "praise"]), regulator=st.booleans(),
        usual_hour=st.none() | st.integers(0, 23),
    )  # fmt: skip
    def decided(self, kind: str, regulator: bool, usual_hour: int | None) -> None:
        clocks = (LegalClock("cn.miit.reply", 15),) if regulator else ()
        case = {"kind": kind} | (REGULATOR if regulator else {})
        self.story.take(routed(decision={"clocks": clocks}, assessment=case, usual_hour=usual_hour))

    @rule(hours=st.floats(0, 200))
    def time_passes(self, hours: float) -> None:
        self.clock += timedelta(hours=hours)
        self.story.until(self.clock)

    @rule(
        purpose=st.sampled_from(PURPOSES), outcome=st.sampled_from(OUTCOMES), kind=st.sampled_from(KINDS),
        days=st.none() | st.integers(-1, 9), medium=st.sampled_from(["call", "message"]),
        direction=st.sampled_from(["inbound", "outbound"]),
    )  # fmt: skip
    def contacted(self, purpose: str, outcome: str, kind: str, days: int | None, medium: str, direction: str) -> None:
        told = (PromiseMade(kind, self.clock + timedelta(days=days)),) if days is not None else ()  # type: ignore[arg-type]
        self.story.contact(
            self.clock, purpose=purpose, outcome=outcome, promised=told, medium=medium, direction=direction
        )

    @rule(accepted=st.booleans())
    def delivered(self, accepted: bool) -> None:
        self.story.delivered(self.clock, accepted=accepted)

    @rule()
    def proposed(self) -> None:
        self.story.take(intake.solution_proposed(**self.story.at(self.clock)))

    @precondition(lambda self: isinstance(self.story.course.state, Open))
    @rule(merged=st.booleans())
    def ended(self, merged: bool) -> None:
        self.story.take((intake.merged if merged else intake.withdrawn)(**self.story.at(self.clock)))

    @rule(score=st.integers(1, 5))
    def answered(self, score: int) -> None:
        self.story.take(intake.survey_answered(score=score, **self.story.at(self.clock)))

    @rule()
    def split(self) -> None:
        self.story.take(intake.split(**self.story.at(self.clock)))

    @rule(kind=st.sampled_from(["complaint", "inquiry", "noise"]), severity=st.sampled_from(["S1", "S4"]))
    def decided_again(self, kind: str, severity: str) -> None:
        self.revision += 1
        decision = {"severity": severity} | ({"promises": ()} if kind == "noise" else {})
        when = self.story.at(self.clock)
        self.story.take(routed(revision=self.revision, decision=decision, assessment={"kind": kind}, **when))

    @invariant()
    def an_open_complaint_has_an_open_promise(self) -> None:
        state = self.story.course.state
        if isinstance(state, Open):
            assert state.ledger.promises
        if isinstance(state, Closed):
            assert not state.ledger.promises

    @invariant()
    def nothing_that_fell_due_is_silent(self) -> None:
        state = self.story.course.state
        if isinstance(state, Open) and state.ledger.promises:
            self.story.until(self.clock)
            assert min(p.due_at for p in self.story.ledger.promises) > self.clock

    @invariant()
    def every_promise_is_one_of_its_kind_and_number_and_ends_once(self) -> None:
        state = self.story.course.state
        if not isinstance(state, Open | Closed):
            return
        promises = [*state.ledger.promises, *(e.promise for e in state.ledger.ended)]
        assert 1 == max(Counter((p.kind, p.number) for p in promises).values(), default=1)
        ends: Counter[str] = Counter()
        for event in self.story.course.events:
            match event:
                case PromiseKept(promise_ids=kept):
                    ends.update(kept)
                case PromiseRenewed(promise_id=one) | PromiseBroken(promise_id=one):
                    ends.update([one])
                case ComplaintClosed(promises_kept=kept, promises_released=released):
                    ends.update([*kept, *released])
        assert ends == Counter(e.promise.promise_id for e in state.ledger.ended)

    @invariant()
    def calls_have_windows_and_limits(self) -> None:
        state = self.story.course.state
        if isinstance(state, Open | Closed):
            assert all(c.not_before < c.not_after and c.attempt <= 5 for c in state.ledger.callbacks)
            assert len({c.callback_id for c in state.ledger.callbacks}) == len(state.ledger.callbacks)


TestComplaint = Complaint.TestCase
TestComplaint.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
