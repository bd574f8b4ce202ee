"""What can be wrong between a real broker and a real database: each is found, with the place, and nothing else is."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from msgspec.structs import replace

from deploy.embedded.broker import Broker
from kesu.verify.report import Report
from shared.events.registry import encode
from tests.component.verify.bench import Bench, noise, saved
from tests.fixtures.databases import Database


@pytest.fixture
def bench(broker_with_topics: Broker, database: Database) -> Bench:
    return Bench(broker_with_topics, database)


def codes(report: Report) -> dict[str, int]:
    return {one.code: one.count for one in report.findings}


async def test_what_reporting_has_not_read_is_left_out(bench: Bench) -> None:
    """It is behind: that is the finding, not the hundreds of rows it lacks; when it says it has read them, they are lost."""
    await bench.publish(*await saved(bench, [noise(n) for n in range(20)]))
    await bench.read(less=1_000)
    report = await bench.verified()
    assert codes(report).keys() == {"reader_behind"}
    assert (report.left_out.unread_events, report.complaints, report.events) == (60, 20, 60)
    await bench.read()
    report = await bench.verified()
    assert codes(report) == {"lost_from_archive": 60, "view_differs": 20}


async def test_bytes_that_are_no_event(bench: Bench) -> None:
    """A record of a known type that does not decode, and one whose id is none."""
    life = noise(1)
    good = await saved(bench, [life])
    bad = replace(good[0], value=b"{}")
    odd = replace(good[0], value=encode(replace(life.facts[0], id="not an id")))
    await bench.publish(*good, bad, odd)
    await bench.read(less=1_000)
    assert codes(await bench.verified())["undecodable_on_the_log"] == 2


async def test_what_is_on_its_way_to_the_log_is_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved by then, published a moment later: no finding; never published: one."""
    monkeypatch.setattr("kesu.verify.run.PUBLISHED_WITHIN_S", 2.0)
    first, second = noise(1), noise(2)
    await bench.publish(*await saved(bench, [first]))
    late = await saved(bench, [second])
    await bench.read(less=1_000)

    async def publish_later() -> None:
        await asyncio.sleep(0.5)
        await bench.publish(*late)

    publishing = asyncio.create_task(publish_later())
    report = await bench.verified()
    await publishing
    assert codes(report).keys() == {"reader_behind"}
    assert report.events == 3

    never = await saved(bench, [noise(3)])
    report = await bench.verified()
    assert codes(report)["saved_never_published"] == len(never) == 3


async def test_nothing_stays_behind(bench: Bench, tmp_path: Path) -> None:
    """The directory named is used, its use is told, and it is empty afterwards."""
    await bench.publish(*await saved(bench, [noise(1)]))
    await bench.read(less=1_000)
    report = await bench.verified(spill_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert report.spilled_bytes >= 0


async def test_what_fails_while_tables_are_read_is_told_as_it_is(bench: Bench, tmp_path: Path) -> None:
    """Not wrapped: a command turns it into a code and a word."""
    async with bench.database.connected() as conn:
        await conn.execute("DROP VIEW followup.promises")
    with pytest.raises(asyncpg.UndefinedTableError):
        await bench.verified(spill_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []
