"""Instances of every service come and go while complaints run: every complaint's facts are what they would have been."""

import asyncio
import os
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

import pytest

from deploy.containers.stack import ContainerStack
from deploy.embedded.environment import SERVICES
from deploy.stack import Stack
from kesu.demo.session import Plan, Session, demo_session
from kesu.verify.run import Report, verify
from tests.faults.facts import Facts, alone_with_their_customer, differences, facts_of, received_only
from tests.faults.following import days_over_the_limit, decisions_that_do_not_follow

pytestmark = pytest.mark.stack
PLAN: Final = Plan(
    complaints=300, seed=12, arrivals=timedelta(hours=12), afterwards=timedelta(days=1), stride=timedelta(hours=1)
)
MASTER_KEY: Final = "7b" * 32
SETTINGS: Final = {"KESU_SESSION_TIMEOUT_MS": "1000"}  # a killed member of a group is soon given up
REST_TIMEOUT_S: Final = 90.0


async def _settled(session: Session) -> tuple[Report, Facts]:
    stack = session.stack
    report = await verify(database_url=stack.database_url(), brokers=stack.brokers, clock=session.clock)
    return report, await facts_of(stack)


async def _coming_and_going(stack: Stack, dice: Random, done: list[str]) -> None:
    """A second instance of each service joins; then one of the two leaves, in order or killed, and comes again; then the second leaves."""
    for service in dice.sample(SERVICES, len(SERVICES)):
        await stack.start_service(service, instance=2)
        await asyncio.sleep(dice.uniform(0.2, 1.0))
        leaves, kill = dice.choice((1, 2)), dice.choice((True, False))
        await stack.restart_service(service, instance=leaves, kill=kill)
        await asyncio.sleep(dice.uniform(0.2, 1.0))
        await stack.stop_service(service, instance=2)
        done.append(service)


async def _disturbed() -> tuple[Report, Facts, list[str]]:
    done: list[str] = []
    async with demo_session(
        PLAN, master_key=MASTER_KEY, settings=SETTINGS, make_stack=partial(ContainerStack)
    ) as session:
        async with asyncio.TaskGroup() as both:
            both.create_task(_coming_and_going(session.stack, Random(int(os.environ.get("KESU_TEST_SEED", "3"))), done))
            both.create_task(session.run(rest_timeout_s=REST_TIMEOUT_S))
        await session.run([], rest_timeout_s=REST_TIMEOUT_S)
        return *(await _settled(session)), done


async def test_instances_that_come_and_go_change_no_complaints_facts(container_engine: None) -> None:
    """The undisturbed run is on the embedded servers: what Kafka and PostgreSQL of the centre are changes nothing either."""
    async with demo_session(PLAN, master_key=MASTER_KEY) as session:
        await session.run()
        undisturbed, expected = await _settled(session)
    disturbed, found, done = await _disturbed()

    assert sorted(SERVICES) == sorted(done)
    assert ((), ()) == (undisturbed.findings, disturbed.findings)
    assert disturbed.complaints == undisturbed.complaints >= 0.8 * PLAN.complaints
    assert disturbed.dead_letters == undisturbed.dead_letters
    alone = alone_with_their_customer(expected)
    assert len(alone) > 0.5 * len(expected)
    assert [] == differences(expected, found, among=alone)
    assert [] == differences(received_only(expected), received_only(found), among=expected.keys())
    assert [] == decisions_that_do_not_follow(found)
    assert [] == days_over_the_limit(found)
