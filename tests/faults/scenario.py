"""One scenario: complaints run while faults come one after the other; afterwards everything must be as it would have been."""

import asyncio
import time
from collections.abc import Sequence
from random import Random
from typing import Final

from msgspec import Struct

from kesu.demo.session import Session, demo_session
from kesu.verify.run import Report, verify
from tests.faults.facts import Facts, alone_with_their_customer, differences, facts_of, received_only
from tests.faults.following import days_over_the_limit, decisions_that_do_not_follow
from tests.faults.ground import MASTER_KEY, PLAN, Centre, disturbed
from tests.faults.kinds import Fault, Told, inject

REST_TIMEOUT_S: Final = 120.0
BREATH_S: Final = (0.1, 0.8)  # between two faults


class Settled(Struct, frozen=True):
    """What a run left."""

    report: Report
    facts: Facts


class Outcome(Struct, frozen=True, kw_only=True):
    """What faults did to a run. Everything but `told` and `seconds` must be empty."""

    scenario: str
    seed: int
    told: tuple[Told, ...]
    seconds: float
    findings: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    not_following: tuple[str, ...] = ()
    over_limit: tuple[str, ...] = ()

    @property
    def untrue(self) -> list[str]:
        """What services said or did that was not right while a fault lasted."""
        return [one for told in self.told for one in told.untrue]

    @property
    def wrong(self) -> list[str]:
        """All that must not be."""
        return [*self.findings, *self.differences, *self.not_following, *self.over_limit, *self.untrue]


async def settled(session: Session) -> Settled:
    """What the session has left on the log, verified."""
    stack = session.stack
    report = await verify(database_url=stack.database_url(), bootstrap=stack.bootstrap, clock=session.clock)
    return Settled(report, await facts_of(stack))


async def undisturbed() -> Settled:
    """The same complaints without any fault, on the embedded servers."""
    async with demo_session(PLAN, master_key=MASTER_KEY) as session:
        await session.run()
        return await settled(session)


async def run(scenario: str, faults: Sequence[Fault], *, expected: Facts, seed: int) -> Outcome:
    """Inject `faults` in an order of the dice's choice while the complaints of the plan run."""
    dice, began = Random(f"{seed} {scenario}"), time.monotonic()
    async with disturbed() as (session, centre):
        injecting = asyncio.create_task(_inject_all(dice.sample(faults, len(faults)), centre, dice))
        try:
            await session.run(rest_timeout_s=REST_TIMEOUT_S)
            told = await injecting
        finally:
            injecting.cancel()
            await asyncio.gather(injecting, return_exceptions=True)
        await session.run([], rest_timeout_s=REST_TIMEOUT_S)
        left = await settled(session)
    return judged(scenario, seed, told, left, expected, seconds=time.monotonic() - began)


def judged(
    scenario: str, seed: int, told: Sequence[Told], left: Settled, expected: Facts, *, seconds: float
) -> Outcome:
    """Compare what is left with what would have been.

    What depends on a customer's other complaints may depend on which of two was read first: there the decision must
    follow from the facts it recorded, and limits hold.
    """
    alone = alone_with_their_customer(expected)
    same = differences(expected, left.facts, among=alone)
    same += differences(received_only(expected), received_only(left.facts), among=expected.keys())
    return Outcome(
        scenario=scenario, seed=seed, told=tuple(told), seconds=seconds,
        findings=tuple(f"{one.code} ×{one.count}: {', '.join(one.examples)}" for one in left.report.findings),
        differences=tuple(same), not_following=tuple(decisions_that_do_not_follow(left.facts)),
        over_limit=tuple(map(str, days_over_the_limit(left.facts))),
    )  # fmt: skip


async def _inject_all(faults: Sequence[Fault], centre: Centre, dice: Random) -> list[Told]:
    told = []
    for fault in faults:
        await asyncio.sleep(dice.uniform(*BREATH_S))
        told.append(await inject(fault, centre))
    return told
