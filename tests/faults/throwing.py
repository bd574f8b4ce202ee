"""Throws a list of faults into a scene, one after the other, and measures how each of them goes."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Final

import httpx

from kesu.demo.quiet import NeverQuiet
from tests.faults.catalogue import Fault
from tests.faults.injecting import Injection
from tests.faults.readiness import concerned, listening
from tests.faults.report import REPORT, Happened
from tests.faults.scene import REST_TIMEOUT_S, SEED, Outcome, Scene
from tests.faults.stack import ProxiedStack

LATE_S_MAX: Final = 0.3  # after a step, so that a fault meets what the step brought in all its stages
SHARE_OF_STEPS: Final = 0.9  # the last fault comes before the story's end


async def told_with(
    scene: Scene[ProxiedStack], faults: Sequence[Fault], *, dice: Random, steps: int, scenario: str
) -> Outcome:
    """The story, which takes about `steps` steps, with all of `faults` in it; returns what it left."""
    throwing = asyncio.create_task(_throw(scene, faults, dice=dice, steps=steps, scenario=scenario))
    telling = asyncio.create_task(scene.run())
    try:
        await asyncio.wait((throwing, telling), return_when=asyncio.FIRST_EXCEPTION)
        for task in (throwing, telling):
            if task.done():
                task.result()
        assert throwing.done(), f"the story took {scene.pace.steps} steps, not {steps}: faults are left"
        await scene.run(more=True)
        return await scene.settled()
    except (NeverQuiet, TimeoutError, AssertionError) as error:
        raise AssertionError(f"{error}\n{await _last_words(scene)}") from error
    finally:
        for task in (throwing, telling):
            task.cancel()
        await asyncio.gather(throwing, telling, return_exceptions=True)


async def _throw(
    scene: Scene[ProxiedStack], faults: Sequence[Fault], *, dice: Random, steps: int, scenario: str
) -> None:
    for number, fault in enumerate(faults, 1):
        await scene.pace.reached(int(number * steps * SHARE_OF_STEPS / (len(faults) + 1)))
        await asyncio.sleep(dice.uniform(0, LATE_S_MAX))
        await thrown(scene, fault, scenario=scenario)


async def thrown(scene: Scene[ProxiedStack], fault: Fault, *, scenario: str) -> Happened:
    """Let one fault happen, wait until all is handled again, and put it on record."""
    loop, healed, drains = asyncio.get_running_loop(), [0.0], [0.0]
    happened = REPORT.begin(scenario, fault)
    injection = Injection(scene.stack, drained=drains.append)
    try:
        async with listening(scene.stack, concerned(fault)) as truth:
            await injection.inject(fault, healing=lambda: healed.append(loop.time()))
        happened.unready_after_s, happened.not_alive = truth.unready_after_s, truth.not_alive
    finally:
        await scene.pace.over()
    rested = await scene.pace.rest_after(healed[-1], timeout_s=REST_TIMEOUT_S)
    happened.recovery_s, happened.drain_s = rested - healed[-1], max(drains)
    for name, status in scene.stack.ended().items():
        happened.ended[name] = status
        if name in scene.stack.services:
            await scene.stack.start_service(name)
    REPORT.done(happened)
    return happened


async def _last_words(scene: Scene[ProxiedStack]) -> str:
    """The faults, what each service says of itself, and the end of its log."""
    said = [f"--- {name}: {await _readiness(one.url)}\n{one.child.log_tail()}" for name, one in scene.stack.services.items() if one.is_running]  # fmt: skip
    return "\n".join((f"KESU_TEST_SEED={SEED}", REPORT.log(), *said))


async def _readiness(url: str) -> str:
    async with httpx.AsyncClient(timeout=5) as client:
        try:
            return (await client.get(f"{url}/health/ready")).text
        except httpx.TransportError as error:
            return type(error).__name__
