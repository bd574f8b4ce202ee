"""A steady load, and all services restarted one after the other, then killed: nobody has to wait for long."""

import asyncio
from random import Random
from typing import Final

import asyncpg
import pytest
from msgspec.structs import replace

from deploy.embedded.environment import SERVICES
from kesu.generator import Generated
from shared.log.submissions import SUBMISSIONS_TOPIC
from tests.faults.catalogue import Fault
from tests.faults.injecting import SECOND, Injection
from tests.faults.judging import judge, judge_measures
from tests.faults.report import REPORT
from tests.faults.scene import SEED, STORY, Scene, all_at_once, scene
from tests.faults.stack import ProxiedStack
from tests.faults.undisturbed import undisturbed_at_once

pytestmark = pytest.mark.long
SCENARIO: Final = "under load"
PLAN: Final = replace(STORY, complaints=2_400)
PER_S: Final = 15  # submissions, for as long as there are faults: more than a busy centre has
RIGHT_AWAY_S: Final = 0.2
FRESH_S: Final = 1.0
CAUGHT_UP_S_MAX: Final = 90.0


async def test_a_rolling_restart_and_kills_under_load(container_engine: None) -> None:
    """Each service is replaced by a second instance and back, then everything is killed once, while complaints come in."""
    expected = await undisturbed_at_once(PLAN)
    dice = Random(f"{SEED} load")
    async with scene(PLAN) as story:
        items = all_at_once(PLAN)
        disturbing = asyncio.create_task(_disturbed(story, dice))
        try:
            submitted_after_s = await _steady(story, items, disturbing)
            await disturbing
        finally:
            disturbing.cancel()
        await story.rest()
        REPORT.measured["submissions per second under load"] = len(items) / submitted_after_s
        found = await story.settled()
    judge(SCENARIO, expected, found)
    judge_measures([one for one in REPORT.happened if one.scenario == SCENARIO])


async def _steady(story: Scene[ProxiedStack], items: list[Generated], until: "asyncio.Task[None]") -> float:
    """Submit at a steady rate; what is left when all faults are over comes at once. Returns for how long it was steady."""
    loop = asyncio.get_running_loop()
    began, done = loop.time(), 0
    while done < len(items) and not until.done():
        due = min(len(items), int((loop.time() - began) * PER_S) + 1)
        if due > done:
            await story.submit(items[done:due])
            done = due
        await asyncio.sleep(RIGHT_AWAY_S)
    lasted = loop.time() - began
    await story.submit(items[done:])
    return lasted


async def _disturbed(story: Scene[ProxiedStack], dice: Random) -> None:
    for service in dice.sample(SERVICES, len(SERVICES)):
        await _replaced(story, service)
    victims = [*SERVICES, "kafka", "postgres"]
    dice.shuffle(victims)
    for victim in victims:
        await _killed(story, Fault(kind="kill", target=victim, seconds=0))


async def _replaced(story: Scene[ProxiedStack], service: str) -> None:
    """As a rolling upgrade does: another instance comes, the old one drains and goes, and so back again."""
    happened = REPORT.begin(SCENARIO, Fault(kind="roll", target=service, seconds=0))
    loop, stack = asyncio.get_running_loop(), story.stack
    await stack.start_service(service, instance=SECOND)
    for instance in (1, SECOND):
        began = loop.time()
        assert 0 == await stack.stop_service(service, instance=instance), stack.log_tail(service)
        happened.drain_s = max(happened.drain_s, loop.time() - began)
        if instance == 1:
            await stack.start_service(service)
    happened.recovery_s = await _caught_up(story)
    REPORT.done(happened)


async def _killed(story: Scene[ProxiedStack], fault: Fault) -> None:
    happened = REPORT.begin(SCENARIO, fault)
    loop, healed = asyncio.get_running_loop(), [0.0]
    await Injection(story.stack, drained=lambda _: None).inject(fault, healing=lambda: healed.append(loop.time()))
    await _caught_up(story)
    happened.recovery_s = loop.time() - healed[-1]
    happened.ended = story.stack.ended()
    REPORT.done(happened)


async def _caught_up(story: Scene[ProxiedStack]) -> float:
    """Until reporting has what came in a second ago: all services work at full rate again. Returns seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(CAUGHT_UP_S_MAX):
        while True:
            asked = sum(end for tp, end in story.producer.ends.items() if tp.topic == SUBMISSIONS_TOPIC)
            await asyncio.sleep(FRESH_S)
            if await _shown(story) >= asked:
                return loop.time() - began - FRESH_S


async def _shown(story: Scene[ProxiedStack]) -> int:
    """Complaints that reporting shows."""
    conn = await asyncpg.connect(story.stack.database_url(), timeout=5)
    try:
        return int(await conn.fetchval("SELECT count(*) FROM reporting.v_complaints"))
    finally:
        await conn.close()
