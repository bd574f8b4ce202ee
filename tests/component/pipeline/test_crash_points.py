"""A process that dies between any two steps of the pipeline leaves nothing lost and nothing doubled."""

import asyncio
import signal
from pathlib import Path

import asyncpg
import pytest

from deploy.embedded.broker import Broker
from deploy.embedded.postgres import PostgresServer
from deploy.embedded.run_dir import RunDir
from deploy.topics import ensure_topics
from tests.component.pipeline import stand

COUNT = 200
BATCHED, TIMED = ("saved", "published", "moved"), ("timer_saved", "timer_published", "timer_marked")
# The service's name → where it crashes, and the wrong order it takes its steps in ("": the right one).
RUNS = {
    **{f"echo_{point}": (f"{point}:2", "") for point in BATCHED},
    **{f"echo_{point}": (f"{point}:1", "") for point in TIMED},
    "wrong_moves_first": ("saved:2", "moves_first"),
    "wrong_publishes_first": ("published:2", "publishes_first"),
    "wrong_marks_first": ("timer_marked:1", "marks_first"),
}
CAUGHT_AS = {
    "wrong_moves_first": "saved_never_published",
    "wrong_publishes_first": "one_id_two_contents",
    "wrong_marks_first": "saved_never_published",
}


class Ended:
    """How one service's run came out."""

    def __init__(self, *, crashed_with: int, stopped_with: int, faults: set[str]) -> None:
        self.crashed_with, self.stopped_with, self.faults = crashed_with, stopped_with, faults


@pytest.fixture(scope="module")
def ended(postgres_server: PostgresServer, run_dir: RunDir) -> dict[str, Ended]:
    """All runs, side by side on one log: each crashes once, starts again, and is stopped when all is handled."""
    return asyncio.run(asyncio.wait_for(_all(postgres_server, run_dir), 100))


async def _all(server: PostgresServer, run_dir: RunDir) -> dict[str, Ended]:
    conn = await asyncpg.connect(server.url())
    await conn.execute("CREATE DATABASE crash_points")
    await conn.close()
    url = server.url("crash_points")
    await stand.make_schema(url, *RUNS)
    broker = Broker(run_dir.path, log_file=run_dir.log_file("crash-points-broker"))
    await broker.start()
    try:
        await ensure_topics(broker.brokers, partitions=2)
        async with stand.writing(broker.bootstrap) as producer:
            await producer.publish(stand.complaints(COUNT))
        runs = (_one(name, url, broker.bootstrap, run_dir.log_file(name)) for name in RUNS)
        return dict(zip(RUNS, await asyncio.gather(*runs), strict=True))
    finally:
        await broker.stop()


async def _one(name: str, url: str, bootstrap: str, log_file: Path) -> Ended:
    crash_at, order = RUNS[name]
    timers = crash_at.startswith("timer")
    more = {"ECHO_ORDER": order} | ({"ECHO_TIMERS": "1"} if timers else {})
    first = stand.launch(name, bootstrap=bootstrap, database_url=url, log_file=log_file, KESU_CRASH_AT=crash_at, **more)
    crashed_with = await first.ended(timeout_s=60)
    second = stand.launch(name, bootstrap=bootstrap, database_url=url, log_file=log_file, **more)
    owed = stand.expected_ids(name, COUNT, timers=timers)
    await stand.until_count(
        url, f"SELECT count(*) FROM {name}.events WHERE NOT pending", len(owed), while_running=[second]
    )
    stopped_with = await second.stop(timeout_s=12)
    return Ended(
        crashed_with=crashed_with, stopped_with=stopped_with,
        faults=(await stand.effects(bootstrap, url, name)).faults(owed),
    )  # fmt: skip


@pytest.mark.parametrize("point", [*BATCHED, *TIMED])
def test_a_crash_here_is_harmless(ended: dict[str, Ended], point: str) -> None:
    """Killed between two steps, started again: every effect is there exactly once, in the store and on the log."""
    one = ended[f"echo_{point}"]
    assert one.crashed_with == -signal.SIGKILL, "it did not die where it should"
    assert one.faults == set()


@pytest.mark.parametrize(("name", "fault"), CAUGHT_AS.items())
def test_a_wrong_order_of_steps_is_caught(ended: dict[str, Ended], name: str, fault: str) -> None:
    """The same check fails where the steps are taken in a wrong order."""
    one = ended[name]
    assert one.crashed_with == -signal.SIGKILL, "it did not die where it should"
    assert fault in one.faults


def test_told_to_stop_each_ends_in_order(ended: dict[str, Ended]) -> None:
    """SIGTERM drains: exit status 0, within the time a supervisor gives."""
    assert {one.stopped_with for one in ended.values()} == {0}
