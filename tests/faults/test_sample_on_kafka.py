"""A sample of the faults, on Apache Kafka and PostgreSQL, short enough for every run of the tests."""

from datetime import timedelta
from random import Random

from msgspec.structs import replace

from kesu.demo.session import Plan
from tests.faults.catalogue import Fault
from tests.faults.judging import judge, judge_measures
from tests.faults.report import REPORT
from tests.faults.scene import SEED, STORY, scene
from tests.faults.throwing import told_with
from tests.faults.undisturbed import undisturbed

SHORT: Plan = replace(STORY, complaints=120, arrivals=timedelta(hours=12), afterwards=timedelta(hours=18))


async def test_a_sample_of_faults_changes_no_complaints_facts(container_engine: None) -> None:
    """Killed, frozen, cut off, behind a bad line: afterwards every complaint's facts are what they would have been."""
    dice, name = Random(SEED), "sample"
    faults = [
        Fault(kind="kill", target=dice.choice(("intake", "routing", "followup", "reporting")), seconds=0.5),
        Fault(kind="zombie", target="routing", seconds=3),
        Fault(kind="cut", target="followup-kafka", seconds=3),
        Fault(kind="kill", target="postgres", seconds=0.5),
        Fault(kind="latency", target="intake-postgres", seconds=2, amount=0.1),
        Fault(kind="kill", target="kafka", seconds=0.5),
    ]
    dice.shuffle(faults)
    expected = await undisturbed(SHORT)
    async with scene(SHORT) as story:
        found = await told_with(story, faults, dice=dice, steps=expected.steps, scenario=name)
    judge(name, expected, found)
    happened = [one for one in REPORT.happened if one.scenario == name]
    assert faults == [one.fault for one in happened]
    judge_measures(happened)
