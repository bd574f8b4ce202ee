"""Data of PostgreSQL and of Kafka put back, each older than the other's: afterwards all is as it was."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from deploy.embedded.environment import SERVICES
from deploy.embedded.errors import CannotStart
from kesu.backup.restoring import restore
from kesu.demo.quiet import Quiet
from kesu.verify.run import verify
from shared.log.ends import log_ends, partitions_of
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.saved import COMPLAINTS, CONTROL
from tests.faults import volumes
from tests.faults.catalogue import Fault
from tests.faults.facts import facts_of
from tests.faults.judging import judge
from tests.faults.report import REPORT
from tests.faults.scene import REST_TIMEOUT_S, STORY, Outcome, Scene, scene, whenever_decided
from tests.faults.stack import ProxiedStack
from tests.faults.undisturbed import undisturbed

pytestmark = pytest.mark.long
HALF_WAY: Final = STORY.start + timedelta(hours=14)


async def test_data_of_different_age(container_engine: None, tmp_path: Path) -> None:
    """Given copies from half-way, when the story's end is lost on one side, then the other side makes it good."""
    expected = await undisturbed()
    async with scene() as story:
        if why := volumes.cannot(story.stack.postgres):
            pytest.skip(why)
        await _half_way(story, tmp_path)
        judge("copies from half-way", expected, await story.settled())

        await _older(story, "postgres", tmp_path)
        await story.stack.start_services()
        await _judged(story, expected, "PostgreSQL's data older than Kafka's")

        await _older(story, "kafka", tmp_path)
        with pytest.raises(CannotStart, match="position_beyond_the_log"):
            await story.stack.start_service("routing")
        stack = story.stack
        done = await restore(
            None, database_url=stack.database_url(), brokers=stack.brokers, master_key_file=stack.master_key_file,
            log_from_archive=True, clock=story.clock,
        )  # fmt: skip
        assert () == done.beyond
        await stack.start_services()
        await _judged(story, expected, "Kafka's data older than PostgreSQL's")


async def _half_way(story: Scene[ProxiedStack], folder: Path) -> None:
    for made in STORY.submissions():
        story.driver.agenda.add(made.at, made.type, made.submission)
    await story.driver.run(until=HALF_WAY, rest_timeout_s=REST_TIMEOUT_S)
    await _stopped(story)
    for name in ("postgres", "kafka"):
        await volumes.copied(story.stack.server(name), folder / name)
    await _started(story)
    await story.stack.start_services()
    await story.driver.run(until=STORY.until, rest_timeout_s=REST_TIMEOUT_S)


async def _older(story: Scene[ProxiedStack], name: str, folder: Path) -> None:
    """Servers run again, `name` with the data from half-way; services do not."""
    REPORT.begin("data of different age", Fault(kind="restore", target=name, seconds=0))
    await _stopped(story)
    await volumes.put_back(story.stack.server(name), folder / name)
    await _started(story)


async def _stopped(story: Scene[ProxiedStack]) -> None:
    for service in SERVICES:
        assert await story.stack.stop_service(service) in (0, None)
    for name in ("kafka", "postgres"):
        await story.stack.server(name).stop()


async def _started(story: Scene[ProxiedStack]) -> None:
    for name in ("postgres", "kafka"):
        await story.stack.server(name).start()


async def _judged(story: Scene[ProxiedStack], expected: Outcome, scenario: str) -> None:
    stack = story.stack
    tps = await partitions_of(stack.brokers, [COMPLAINTS, CONTROL, SUBMISSIONS_TOPIC])
    quiet = Quiet(stack.urls, clock=story.clock, written=await log_ends(stack.brokers, tps))
    try:
        await quiet.wait(timeout_s=REST_TIMEOUT_S)
    finally:
        await quiet.close()
    report = await verify(database_url=stack.database_url(), brokers=stack.brokers, clock=story.clock)
    judge(scenario, expected, Outcome(report, whenever_decided(await facts_of(stack)), 0))
