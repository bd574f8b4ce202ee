"""What stories leave to which nothing happens, on the embedded servers: each is told once for all who ask."""

from deploy.embedded.stack import EmbeddedStack
from kesu.demo.session import Plan
from tests.faults.judging import said
from tests.faults.scene import STORY, Outcome, all_at_once, scene_on

_told: dict[Plan, Outcome] = {}
_told_at_once: dict[Plan, Outcome] = {}


async def undisturbed(plan: Plan = STORY) -> Outcome:
    """The story of `plan`."""
    if plan not in _told:
        async with scene_on(EmbeddedStack, plan) as story:
            await story.run()
            _told[plan] = await story.settled()
    return _without_findings(_told[plan])


async def undisturbed_at_once(plan: Plan) -> Outcome:
    """What complaints leave that come in all at once, in a time that stands still."""
    if plan not in _told_at_once:
        async with scene_on(EmbeddedStack, plan) as story:
            await story.submit(all_at_once(plan))
            await story.rest()
            _told_at_once[plan] = await story.settled()
    return _without_findings(_told_at_once[plan])


def _without_findings(outcome: Outcome) -> Outcome:
    assert () == outcome.report.findings, said(outcome.report)
    return outcome
