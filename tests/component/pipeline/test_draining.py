"""Told to stop, a service finishes what is under way; what its timers saved is never left behind or overtaken."""

import time
from collections.abc import Sequence

import pytest

from deploy.embedded.run_dir import RunDir
from shared.errors import NotNow
from shared.pipeline.records import Outgoing
from shared.saved import save_events
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Ground
from tests.component.pipeline.echo import EchoHandler, create

COUNT = 2_000
DRAIN_S_MAX = 10.0


async def test_told_to_stop_in_the_middle_nothing_is_half_done(ground: Ground, run_dir: RunDir) -> None:
    """SIGTERM to a busy process: it ends in time with status 0, all it saved is on the log, and the next one goes on."""
    await stand.make_schema(ground.url, "echo")
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish(stand.complaints(COUNT))
    where = {"bootstrap": ground.bootstrap, "database_url": ground.url, "log_file": run_dir.log_file("drained")}
    count = "SELECT count(*) FROM echo.events"
    first = stand.launch("echo", **where)  # type: ignore[arg-type]
    while not await stand.count_of(ground.url, count):
        assert first.exit_status is None, first.log_tail()
    asked = time.monotonic()
    assert await first.stop(timeout_s=DRAIN_S_MAX + 5) == 0
    assert time.monotonic() - asked < DRAIN_S_MAX
    half = await stand.effects(ground.bootstrap, ground.url, "echo")
    assert 0 < len(half.stored) < COUNT, "it was to be stopped in the middle"
    assert half.faults(set(half.stored)) == set()

    second = stand.launch("echo", **where)  # type: ignore[arg-type]
    await stand.until_count(ground.url, count, COUNT, while_running=[second])
    assert await second.stop() == 0
    effects = await stand.effects(ground.bootstrap, ground.url, "echo")
    assert effects.faults(stand.expected_ids("echo", COUNT)) == set()
    assert set(effects.times.values()) == {1}, "nothing had to be published twice"


async def test_what_timers_saved_is_published_before_the_next_batch(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker refuses once, just after a round of timers was saved: its event still stands before the later decision."""
    await stand.make_schema(ground.url, "echo")
    handler = EchoHandler("echo")
    service = create("echo", stand.settings(ground.bootstrap, ground.url), handler=handler)
    saved, later = handler.plan(stand.received(0)), stand.complaints(2)[1]
    refusals, published = [NotNow("said the test")], list[list[str]]()
    async with stand.writing(ground.bootstrap) as producer, stand.running(service):
        publish = service.producer.publish

        async def refusing_once(events: Sequence[Outgoing]) -> None:
            if refusals:
                raise refusals.pop()
            await publish(events)
            published.append([event.id for event in events])

        monkeypatch.setattr(service.producer, "publish", refusing_once)
        with pytest.raises(NotNow):
            async with service.round_of_timers(), service.pool.acquire() as conn:
                await save_events(conn, "echo", [saved], pending=True)
        await producer.publish([later])
        await stand.until(lambda: len(handler.handled) == 1, "the later complaint is handled")
        await stand.until(lambda: not service._rounds.unpublished, "nothing is left behind")
    assert published == [[saved.id], [handler.plan(stand.received(1)).id]]
    effects = await stand.effects(ground.bootstrap, ground.url, "echo")
    assert effects.faults(stand.expected_ids("echo", 2)) == set()
