"""A store that lost its rows takes its own events in from the log before it decides anything anew."""

import asyncpg

from shared.ids import event_id
from shared.saved import save_events
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Ground
from tests.component.pipeline.echo import PLANNED, EchoHandler, create

COUNT = 60


async def test_nothing_is_decided_anew_after_the_store_lost_its_rows(ground: Ground) -> None:
    """Decided again, an event would differ by its time: the store holds what was published, and the log holds nothing else."""
    await stand.make_schema(ground.url, "echo")
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish(stand.complaints(COUNT))
    first = EchoHandler("echo")
    async with stand.running(create("echo", stand.settings(ground.bootstrap, ground.url), handler=first)):
        await stand.until(lambda: len(first.handled) == COUNT, "all are handled")
    published = await stand.effects(ground.bootstrap, ground.url, "echo")
    conn = await asyncpg.connect(ground.url)
    await conn.execute("TRUNCATE echo.events, echo.positions")  # the last backup was taken before the first complaint
    await conn.close()

    second = EchoHandler("echo")
    async with stand.running(create("echo", stand.settings(ground.bootstrap, ground.url), handler=second)):
        await stand.until(lambda: len(second.handled) == COUNT, "all are read again")
    assert set(second.adopted) == stand.expected_ids("echo", COUNT)
    again = await stand.effects(ground.bootstrap, ground.url, "echo")
    assert again.faults(stand.expected_ids("echo", COUNT)) == set()
    assert again.stored == published.stored


async def test_pending_events_of_a_dead_process_are_published_first(ground: Ground) -> None:
    """Saved by a timer and never published: they are on the log before anything new is decided."""
    await stand.make_schema(ground.url, "echo")
    handler = EchoHandler("echo")
    left = handler.plan(stand.received(0))
    conn = await asyncpg.connect(ground.url)
    await save_events(conn, "echo", [left], pending=True)
    await conn.close()
    async with stand.running(create("echo", stand.settings(ground.bootstrap, ground.url), handler=handler)):
        pass
    effects = await stand.effects(ground.bootstrap, ground.url, "echo")
    id_ = event_id(cause=stand.received(0).id, type_=PLANNED, discriminator="echo")
    assert effects.faults({id_}) == set()
    assert effects.times[id_] == 1
