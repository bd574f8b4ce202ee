"""All faults of the catalogue, in stories of complaints: afterwards every complaint's facts are what they would have been."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

import pytest

from tests.faults import network
from tests.faults.catalogue import Fault, link_faults, server_faults, service_faults
from tests.faults.judging import judge, judge_measures
from tests.faults.report import REPORT
from tests.faults.scene import SEED, scene
from tests.faults.throwing import told_with
from tests.faults.undisturbed import undisturbed

pytestmark = pytest.mark.long
SCENARIOS: Final[dict[str, Callable[[Random], Sequence[Fault]]]] = {
    "services": service_faults,
    "servers": server_faults,
    "between services and Kafka": lambda dice: link_faults(dice, "kafka"),
    "between services and PostgreSQL": lambda dice: link_faults(dice, "postgres"),
}


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_faults_change_no_complaints_facts(scenario: str, container_engine: None) -> None:
    """Each fault begins while complaints are being handled, and the next one when all is well again."""
    dice = Random(f"{SEED} {scenario}")
    faults = [one for one in SCENARIOS[scenario](dice) if not (network.cannot() and one.kind in ("loss", "narrow"))]
    expected = await undisturbed()
    async with scene() as story:
        found = await told_with(story, faults, dice=dice, steps=expected.steps, scenario=scenario)
    judge(scenario, expected, found)
    happened = [one for one in REPORT.happened if one.scenario == scenario]
    assert faults == [one.fault for one in happened]
    judge_measures(happened)
    if network.cannot() and scenario == "servers":
        pytest.skip(f"all but loss and narrow lines: {network.cannot()}")
