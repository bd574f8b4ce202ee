"""Kesu's clock leaps: far forward, and back again, and every complaint's facts are what they would have been."""

import asyncio
import struct
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from shared.clock import SharedClock
from tests.faults.judging import judge
from tests.faults.scene import REST_TIMEOUT_S, STORY, Nobody, Scene, scene
from tests.faults.stack import ProxiedStack

pytestmark = pytest.mark.long
BACK: Final = timedelta(hours=5)
NOTICED_S: Final = 1.5
EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
ARRIVED: Final = STORY.start + STORY.arrivals


async def test_leaps_of_the_clock_change_no_complaints_facts(container_engine: None) -> None:
    """Given what came in, when time goes back, or leaps over all that is due, then the same happens as hour by hour."""
    async with scene(people=Nobody()) as story:
        await story.run()
        expected, ended_at = await story.settled(), story.clock.now()  # its last stride may go beyond the story's end
    async with scene(people=Nobody()) as story:
        for made in STORY.submissions():
            story.driver.agenda.add(made.at, made.type, made.submission)
        await story.driver.run(until=ARRIVED, rest_timeout_s=REST_TIMEOUT_S)
        await _go_back(story)
        story.clock.jump(ended_at)
        await story.driver.run(until=STORY.until, rest_timeout_s=REST_TIMEOUT_S)
        found = await story.settled()
    judge("the clock leaps", expected, found)


async def _go_back(story: Scene[ProxiedStack]) -> None:
    """Every service sees a time that has passed already; then the right one again."""
    now = story.clock.now()
    _set(story.clock_file, now - BACK)
    assert now - BACK == SharedClock(story.clock_file).now()
    await asyncio.sleep(NOTICED_S)
    assert {} == story.stack.ended()
    story.clock.jump(now - BACK / 2)
    await asyncio.sleep(NOTICED_S)
    story.clock.jump(now)
    story.clock.jump(now - BACK)
    assert now == story.clock.now(), "the clock's own driver cannot turn it back"


def _set(clock_file: Path, at: datetime) -> None:
    with clock_file.open("r+b") as file:
        file.write(struct.pack("<q", (at - EPOCH) // timedelta(microseconds=1)))
