"""What can be wrong between a real broker and a real database: each is found, with the place, and nothing else is."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest
from msgspec.structs import replace

from deploy.embedded.broker import Broker
from kesu.verify.report import Report
from kesu.verify.run import verify
from shared.clock import SystemClock
from shared.events.registry import encode
from shared.log.ends import cluster_id, log_ends, partitions_of
from shared.log.producer import LogProducer
from shared.pipeline.records import Outgoing
from shared.saved import COMPLAINTS, outgoing, save_events
from tests.builders.life import Life
from tests.fixtures.databases import Database

# A reader that has read everything there is.
_READ = """
INSERT INTO {schema}.positions (cluster, topic, partition, next_offset, moved_at) VALUES ($1, $2, $3, $4, now())
ON CONFLICT (cluster, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""


class Bench:
    """A log and the tables that belong to it, filled by hand."""

    def __init__(self, broker: Broker, database: Database) -> None:
        self.broker = broker
        self.database = database

    async def publish(self, *events: Outgoing) -> None:
        """Put events on the log as they are."""
        producer = LogProducer(bootstrap=self.broker.bootstrap, source="/t", clock=SystemClock(), idempotent=False)
        await producer.start()
        await producer.publish(events)
        await producer.stop()

    async def read(self, *, less: int = 0) -> None:
        """All readers have read all, but for the last `less` records of reporting."""
        bootstrap = self.broker.bootstrap
        ends = await log_ends(bootstrap, await partitions_of(bootstrap, [COMPLAINTS]))
        cluster = await cluster_id(bootstrap)
        async with self.database.connected() as conn:
            for tp, end in ends.items():
                for schema in ("routing", "followup", "reporting"):
                    behind = min(less, end) if schema == "reporting" else 0
                    await conn.execute(_READ.format(schema=schema), cluster, tp.topic, tp.partition, end - behind)

    async def verified(self, **options: object) -> Report:
        """What is found now."""
        return await verify(
            database_url=self.database.url(), bootstrap=self.broker.bootstrap, clock=SystemClock(), wait_s=0.3,
            **options,  # type: ignore[arg-type]
        )  # fmt: skip


def noise(number: int) -> Life:
    """A complaint that is none: nothing is promised."""
    life = Life(number)
    life.received()
    life.routed(assessment={"kind": "noise"})
    life.closed(reason="noise")
    return life


@pytest.fixture
def bench(broker_with_topics: Broker, database: Database) -> Bench:
    return Bench(broker_with_topics, database)


async def saved(bench: Bench, lives: Sequence[Life]) -> list[Outgoing]:
    """The facts are saved by those who publish them; returns them as they go out."""
    async with bench.database.connected() as conn:
        for schema, place in (("intake", 0), ("routing", 1), ("followup", 2)):
            await save_events(conn, schema, [life.facts[place] for life in lives])
    return [outgoing(event) for life in lives for event in life.facts]


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
    """Saved by then, published a second later: no finding; never published: one."""
    monkeypatch.setattr("kesu.verify.run.PUBLISHED_WITHIN_S", 3.0)
    first, second = noise(1), noise(2)
    await bench.publish(*await saved(bench, [first]))
    late = await saved(bench, [second])
    await bench.read(less=1_000)

    async def publish_later() -> None:
        await asyncio.sleep(1.0)
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
