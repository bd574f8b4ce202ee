"""Processes die at random while complaints run, and afterwards every complaint's facts are what they would have been."""

import asyncio
import contextlib
import os
from datetime import timedelta
from random import Random
from typing import Any, Final

import pytest

from deploy.embedded.stack import EmbeddedStack
from kesu.demo.session import Plan, Session, demo_session
from kesu.verify.run import Report, verify
from tests.faults.facts import differences, facts_of

PLAN: Final = Plan(complaints=3_200, seed=11, arrivals=timedelta(days=2), afterwards=timedelta(days=3))
KILLS_MIN: Final = 30
VICTIMS: Final = ("intake", "routing", "followup", "reporting", "postgres")
MASTER_KEY: Final = "5c" * 32
REST_TIMEOUT_S: Final = 120.0


async def _settled(session: Session) -> tuple[Report, dict[str, dict[str, Any]]]:
    stack = session.stack
    report = await verify(database_url=stack.database_url(), bootstrap=stack.bootstrap, clock=session.clock)
    return report, await facts_of(stack)


async def _undisturbed() -> tuple[Report, dict[str, dict[str, Any]]]:
    async with demo_session(PLAN, master_key=MASTER_KEY) as session:
        await session.run()
        return await _settled(session)


async def _kill(stack: EmbeddedStack, victim: str) -> None:
    if victim == "postgres":
        await stack.postgres.kill()
        await stack.postgres.restart()
    else:
        await stack.restart_service(victim, kill=True)


async def _killing(stack: EmbeddedStack, dice: Random, killed: list[str]) -> None:
    """Kill one victim after the other, in rounds in which each of them dies once, until cancelled."""
    while True:
        for victim in dice.sample(VICTIMS, len(VICTIMS)):
            await asyncio.sleep(dice.uniform(0.05, 1.5))
            await _kill(stack, victim)
            killed.append(victim)


async def _disturbed(seed: int) -> tuple[Report, dict[str, dict[str, Any]], list[str]]:
    killed: list[str] = []
    async with demo_session(PLAN, master_key=MASTER_KEY) as session:
        killing = asyncio.create_task(_killing(session.stack, Random(seed), killed))
        try:
            await session.run(rest_timeout_s=REST_TIMEOUT_S)
            while len(killed) < KILLS_MIN:  # a fast machine was done before
                await asyncio.sleep(0.1)
        finally:
            killing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await killing
        for name in session.stack.services:
            await session.stack.start_service(name)
        await session.run([], rest_timeout_s=REST_TIMEOUT_S)
        return *(await _settled(session)), killed


@pytest.mark.stack
async def test_kills_change_no_complaints_facts() -> None:
    """Given the same submissions, when processes die ≥ 30 times, then the log says the same of every complaint."""
    seed = int(os.environ.get("KESU_TEST_SEED", "7"))
    undisturbed, expected = await _undisturbed()
    disturbed, found, killed = await _disturbed(seed)
    assert undisturbed.findings == ()
    assert disturbed.findings == ()
    assert len(killed) >= KILLS_MIN
    assert set(killed) == set(VICTIMS)
    assert disturbed.complaints >= 2_900
    assert differences(expected, found) == []
