"""What must be so after any fault: nothing lost, nothing doubled, no promise silent or falsely broken, limits kept."""

from collections.abc import Sequence
from typing import Final

from kesu.verify.run import Report
from tests.faults.facts import Facts, alone_with_their_customer, differences, received_only
from tests.faults.following import days_over_the_limit, decisions_that_do_not_follow
from tests.faults.readiness import concerned
from tests.faults.report import REPORT, Happened, Left
from tests.faults.scene import Outcome

SERVICE_RECOVERY_S_MAX: Final = 15.0
SERVER_RECOVERY_S_MAX: Final = 30.0
DRAIN_S_MAX: Final = 10.0
UNREADY_AFTER_S_MAX: Final = 5.0
ALONE_SHARE_MIN: Final = 0.5
DOUBLES: Final = ("received_twice", "decided_twice", "planned_twice", "promise_ended_twice", "id_with_two_contents")


def judge(scenario: str, expected: Outcome, found: Outcome) -> None:
    """Put on record what the disturbed run left, and hold it against the undisturbed one."""
    alone = alone_with_their_customer(expected.facts)
    codes = {one.code: one.count for one in found.report.findings}
    left = Left(
        scenario=scenario, complaints=found.report.complaints, findings=codes,
        lost=_events_only_in(expected.facts, found.facts, alone),
        doubled=_events_only_in(found.facts, expected.facts, alone) + sum(codes.get(code, 0) for code in DOUBLES),
        silent_promises=codes.get("silent_promise", 0), false_breaks=codes.get("false_break", 0),
    )  # fmt: skip
    REPORT.left.append(left)
    assert () == found.report.findings, said(found.report)
    assert [] == differences(received_only(expected.facts), received_only(found.facts), among=expected.facts.keys())
    assert [] == differences(expected.facts, found.facts, among=alone)
    assert len(alone) >= ALONE_SHARE_MIN * len(expected.facts) > 0
    assert expected.report.complaints == found.report.complaints
    assert expected.report.dead_letters == found.report.dead_letters
    assert [] == decisions_that_do_not_follow(found.facts)
    assert [] == days_over_the_limit(found.facts)


def said(report: Report) -> str:
    """What `kesu verify` found, in short."""
    return "; ".join(f"{one.code} {one.count}: {', '.join(one.examples)}" for one in report.findings)


def judge_measures(happened: Sequence[Happened]) -> None:
    """Recovery, draining and readiness are within their limits."""
    for one in happened:
        assert {} == one.ended, f"ended by themselves in {one.fault.name}"
        limit = (
            SERVER_RECOVERY_S_MAX
            if "kafka" in one.fault.target or "postgres" in one.fault.target
            else SERVICE_RECOVERY_S_MAX
        )
        assert one.recovery_s <= limit, f"{one.fault.name}: recovered after {one.recovery_s:.1f} s"
        assert one.drain_s <= DRAIN_S_MAX, f"{one.fault.name}: drained in {one.drain_s:.1f} s"
        assert 0 == one.not_alive, f"{one.fault.name}: not alive"
        late = {name: one.unready_after_s.get(name) for name in concerned(one.fault)}
        assert all(s is not None and s <= UNREADY_AFTER_S_MAX for s in late.values()), f"{one.fault.name}: ready {late}"


def _events_only_in(one: Facts, other: Facts, among: set[str]) -> int:
    return sum(len(one.get(id_, {}).keys() - other.get(id_, {}).keys()) for id_ in among)
