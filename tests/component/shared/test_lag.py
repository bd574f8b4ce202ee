"""`kesu lag`, as a person and a script call it, on a broker and a database whose positions are set by hand."""

import asyncio
import os
import signal
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import msgspec
from typer.testing import CliRunner, Result

from deploy.embedded.broker import Broker
from kesu.cli import app
from kesu.lag.report import LagReport, PartitionLag
from shared.clock import SystemClock
from shared.log.access import Brokers
from shared.log.ends import cluster_id, log_ends, partitions_of
from shared.log.producer import LogProducer
from shared.saved import COMPLAINTS
from tests.component.pipeline.stand import complaints
from tests.fixtures.databases import Database

_READ = """
INSERT INTO {schema}.positions (cluster, topic, partition, next_offset, moved_at) VALUES ($1, $2, $3, $4, now())
ON CONFLICT (cluster, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""
COUNT = 40
NOWHERE = "127.0.0.1:9"


class Ago:
    """A clock that goes behind: whoever writes with it writes old records."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return SystemClock().now() - self._by


async def lag(database_url: str, brokers: Brokers, *command: str) -> Result:
    """In a thread, as the command has an event loop of its own."""
    env = {"KESU_DATABASE_URL": database_url, "KESU_KAFKA_BOOTSTRAP": brokers.bootstrap, "COLUMNS": "200"}
    return await asyncio.to_thread(CliRunner().invoke, app, ["lag", *command], env=env)


async def write(brokers: Brokers, count: int, *, first: int = 0, ago: timedelta = timedelta(0)) -> None:
    producer = LogProducer(brokers=brokers, source="/t", clock=Ago(ago), idempotent=False)
    await producer.start()
    await producer.publish(complaints(count, first=first))
    await producer.stop()


async def read(database: Database, brokers: Brokers, **left: int) -> None:
    """Each service of `left` has read all of the log but so many records of each partition."""
    ends = await log_ends(brokers, await partitions_of(brokers, [COMPLAINTS]))
    cluster = await cluster_id(brokers)
    async with database.connected() as conn:
        for schema, behind in left.items():
            for tp, end in ends.items():
                await conn.execute(_READ.format(schema=schema), cluster, tp.topic, tp.partition, end - behind)


def of(report: LagReport, service: str) -> list[PartitionLag]:
    return [one for one in report.partitions if one.service == service and one.topic == COMPLAINTS]


async def test_records_and_seconds_behind(broker_with_topics: Broker, database: Database) -> None:
    """A service that never read, one that is behind, one that is not; the age is that of the oldest record not handled."""
    at = broker_with_topics.brokers
    await write(at, COUNT, ago=timedelta(hours=2))
    await read(database, at, followup=0, reporting=0)
    await write(at, COUNT, first=COUNT, ago=timedelta(minutes=5))
    await read(database, at, reporting=0)
    result = await lag(database.url(), at, "--json")
    assert result.exit_code == 0, result.output
    report = msgspec.json.decode(result.stdout, type=LagReport)
    never, behind, done = (of(report, name) for name in ("routing", "followup", "reporting"))
    assert [one.position for one in never] == [None, None]
    assert sum(one.behind for one in never) == 2 * COUNT
    assert all(7_200 <= one.oldest_age_s < 7_300 for one in never)
    assert sum(one.behind for one in behind) == COUNT
    assert all(300 <= one.oldest_age_s < 400 for one in behind)
    assert [(one.position, one.behind, one.oldest_age_s) for one in done] == [(one.end, 0, 0.0) for one in done]
    assert all(abs((report.at - one.read_through).total_seconds() - one.oldest_age_s) < 0.01 for one in never + behind)
    assert report.behind_max == max(one.behind for one in never)
    assert (report.services["routing"].members, report.services["routing"].ready) == (0, None)


async def test_limits_are_for_scripts(broker_with_topics: Broker, database: Database) -> None:
    """Status 2 beyond a limit, 0 within it."""
    at = broker_with_topics.brokers
    await write(at, COUNT, ago=timedelta(minutes=5))
    await read(database, at, routing=3, followup=0, reporting=0)
    limits = [
        ("--max", "2"),
        ("--max", "3"),
        ("--max-age", "200"),
        ("--max-age", "900"),
        ("--max", "3", "--max-age", "1"),
    ]
    results = [await lag(database.url(), at, *one) for one in limits]
    assert [result.exit_code for result in results] == [2, 0, 2, 0, 2]
    assert "落后" in results[0].stdout and "behind" in results[0].stdout
    assert "routing" in results[0].stdout


async def test_what_is_away_is_said_with_a_code(broker_with_topics: Broker, database: Database) -> None:
    """Broker, database, the wrong role, an address that is none: status 1, and soon."""
    at, began = broker_with_topics.brokers, time.monotonic()
    tries: list[tuple[str, tuple[Any, ...]]] = [
        ("broker_not_reachable", (database.url(), Brokers(bootstrap=NOWHERE))),
        ("database_not_reachable", (f"postgresql://kesu_admin@{NOWHERE}/kesu", at)),
        ("positions_not_readable", (database.url("routing"), at)),
        ("no_such_address", (database.url(), at, "--http", "routing=8802")),
    ]
    for code, arguments in tries:
        result = await lag(*arguments)
        assert result.exit_code == 1, (code, result.output)
        assert code in result.output
    assert time.monotonic() - began < 30


async def test_readiness_is_asked_where_addresses_are_known(broker_with_topics: Broker, database: Database) -> None:
    """A service that does not answer is said to."""
    result = await lag(
        database.url(), broker_with_topics.brokers, "--json", "--http", f"reporting=http://{NOWHERE}"
    )  # fmt: skip
    report = msgspec.json.decode(result.stdout, type=LagReport)
    assert (report.services["reporting"].ready, report.services["routing"].ready) == ("no_answer", None)


async def test_watching_goes_on_until_interrupted(broker_with_topics: Broker, database: Database) -> None:
    """Off a terminal, one look below the other; a broker that goes away is said, and watched for."""
    env = {"KESU_DATABASE_URL": database.url(), "KESU_KAFKA_BOOTSTRAP": broker_with_topics.bootstrap}
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from kesu.cli import app; app()", "lag", "--watch", "0.5", "--json",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=os.environ | env,
    )  # fmt: skip
    assert run.stdout and run.stderr
    seen = 0
    async with asyncio.timeout(30):
        while seen < 3:
            line = await run.stdout.readline()
            seen += line.startswith(b'{"at"')
    await broker_with_topics.stop()
    async with asyncio.timeout(30):
        while b"broker_not_reachable" not in await run.stderr.readline():
            pass
    run.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(run.wait(), 10) == 0
