"""A version that cannot use what it gets stops at the ceiling of dead letters; its repair loses nothing."""

import asyncio
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from kesu.generator import Generated
from kesu.letters import all_letters, redrive
from shared.vault import open_vault
from tests.faults.catalogue import Fault
from tests.faults.judging import judge
from tests.faults.report import REPORT
from tests.faults.scene import STORY, Scene, all_at_once, scene
from tests.faults.stack import ProxiedStack
from tests.faults.undisturbed import undisturbed_at_once

pytestmark = pytest.mark.long
SCENARIO: Final = "the ceiling of dead letters"
PLAN: Final = replace(STORY, complaints=300)
FEW: Final = 12  # complaints that the wrong version cannot use, before they come in numbers
CEILING: Final = 20
STOPPED_WITHIN_S: Final = 30.0
# A version of intake with a mistake: complaints of some sources are refused.
MISTAKEN: Final = """
from services.intake.model import Refused
from services.intake.rules.drafting import Drafting

right = Drafting.draft

def draft(self, arrival):
    if arrival.submission.source_id.endswith(("1", "3", "5", "7", "9")):
        raise Refused("mistaken")
    return right(self, arrival)

Drafting.draft = draft
"""


async def test_after_a_full_ceiling_nothing_is_lost(container_engine: None, tmp_path: Path) -> None:
    """Given a mistaken version, when it stops and is put right and dead letters are driven again, then all is as it would have been."""
    expected = await undisturbed_at_once(PLAN)
    (tmp_path / "sitecustomize.py").write_text(MISTAKEN)
    async with scene(PLAN) as story:
        await story.stack.stop_service("intake")
        mistaken = {"PYTHONPATH": str(tmp_path), "KESU_DEAD_LETTERS_IN_A_ROW_MAX": str(CEILING)}
        await story.stack.start_service("intake", settings=mistaken)
        letters = await _flooded(story)
        happened = REPORT.begin(SCENARIO, Fault(kind="ceiling", target="intake", seconds=0))
        assert 0 < letters <= FEW
        await story.stack.start_service("intake")
        await story.rest()
        await _redriven(story, letters)
        await story.rest()
        REPORT.done(happened)
        found = await story.settled()
    judge(SCENARIO, expected, replace(found, report=replace(found.report, dead_letters=expected.report.dead_letters)))
    assert letters == found.report.dead_letters


async def _flooded(story: Scene[ProxiedStack]) -> int:
    """A few go to the dead letters; when nothing else comes any more, intake stops. Returns how many dead letters there are."""
    made = all_at_once(PLAN)
    wrong = [one for one in made if _refused(one)]
    assert len(wrong) > FEW + CEILING * story.stack.partitions
    await story.submit([one for one in made if not _refused(one)] + wrong[:FEW])
    await story.rest()
    await story.submit(wrong[FEW:])
    await asyncio.wait_for(_ended(story), STOPPED_WITHIN_S)
    assert 1 == story.stack.ended()["intake"]
    assert "dead_letter_ceiling" in story.stack.log_tail("intake")
    return len(await all_letters(story.stack.brokers))


def _refused(made: Generated) -> bool:
    return made.submission.source_id.endswith(("1", "3", "5", "7", "9"))


async def _ended(story: Scene[ProxiedStack]) -> None:
    while "intake" not in story.stack.ended():
        await asyncio.sleep(0.1)


async def _redriven(story: Scene[ProxiedStack], count: int) -> None:
    stack = story.stack
    letters = await all_letters(stack.brokers)
    assert ["mistaken"] * count == [one.code for one in letters]
    vault = open_vault(stack.master_key_file)
    assert [] == await redrive(letters, brokers=stack.brokers, vault=vault, producer=story.producer)
