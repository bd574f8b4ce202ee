"""What the store keeps: every event once, and the same rows however the log was cut and repeated."""

import random
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services.reporting.store import Store
from services.reporting.tables import TABLES
from shared.events import followup, intake
from shared.pipeline.records import Record
from tests.builders.life import Life, records
from tests.fixtures.databases import Database

Conn = Any
MIGRATIONS = Path(__file__).parents[3] / "services/reporting/migrations"


def whole_lives(count: int = 6) -> list[Record]:
    """Several lives with everything that can happen in them, interleaved as on the log."""
    lives = [whole_life(number) for number in range(count)]
    events = sorted((event for life in lives for event in life.facts), key=lambda event: event.occurred_at)
    return records(events)


def whole_life(number: int) -> Life:
    """Routed twice, renewed, broken, called again, closed and reopened; every other one closed and linked again."""
    life, other = Life(number), Life(number + 100)
    life.received()
    life.routed()
    first, second = life.promise("first_response", hours=2), life.promise("resolution", hours=5)
    call = life.callback()
    life.planned(first, second, callbacks=(call,))
    life.fact(intake.AssignmentRefused, unit="network-js", reason="not_ours")
    life.routed(revision=2, decision={"unit": "billing", "tier": "L3"}, because="refused")
    life.contacted()
    life.kept(first)
    third = life.promise("resolution", 2, hours=9, renewals=1)
    life.fact(
        followup.HoldingReplyRequested,
        promise_id=second.promise_id,
        kind="resolution",
        due_at=second.due_at,
        proposed_due_at=third.due_at,
    )
    life.renewed(second, third)
    life.broken(third, opened=(life.promise("resolution", 3),))
    life.kept(third)  # cannot be: broken stays broken
    life.routed(revision=1, decision={"unit": "late"})  # nor this: it is not newer
    life.fact(followup.CallbackRequested, callback=call)
    life.fact(
        followup.CallbackSettled, callback_id=call.callback_id, outcome="busy", next=life.callback(number=2, attempt=2)
    )
    granted = intake.DemandAnswer("repair", "granted")
    life.fact(intake.SolutionDelivered, accepted=False, compensation_minor=500, answers=(granted,))
    life.fact(intake.SolutionDelivered, accepted=True)
    life.closed(promises_kept=(life.promise("resolution", 3).promise_id,), callbacks_cancelled=(call.callback_id,))
    life.fact(intake.ComplaintsMerged, into_id=other.complaint_id)
    life.fact(intake.ComplaintsSplit, other_id=other.complaint_id)
    life.fact(intake.SurveyAnswered, score=2)
    life.fact(followup.ComplaintReopened, because="survey", opened=(life.promise("resolution", 4),))
    if number % 2:
        life.closed(promises_released=(life.promise("resolution", 4).promise_id,))
        life.fact(intake.ComplaintsLinked, other_id=other.complaint_id)
    return life


async def save(conn: Conn, batch: list[Record]) -> None:
    async with conn.transaction():
        await Store().save(conn, batch)


async def rows(conn: Conn, schema: str = "reporting") -> dict[str, list[asyncpg.Record]]:
    """Every row of every projected table, in an order of its own."""
    return {t.name: sorted(map(tuple, await conn.fetch(f"SELECT * FROM {schema}.{t.name}")), key=repr) for t in TABLES}


async def test_the_archive_holds_the_log_as_it_was(conn: Conn) -> None:
    log = whole_lives(2)
    await save(conn, log)

    stored = await conn.fetch('SELECT * FROM reporting.archive ORDER BY "offset"')

    assert [(r.event.id, r.value) for r in log] == [(str(row["event_id"]), row["body"]) for row in stored]
    assert {("kesu.complaints", 0)} == {(row["topic"], row["partition"]) for row in stored}


@pytest.mark.parametrize("seed", range(6))
async def test_any_cut_and_any_repetition_gives_the_same_rows(conn: Conn, seed: int) -> None:
    log, chance = whole_lives(), random.Random(seed)
    await save(conn, log)
    expected = await rows(conn)
    await conn.execute("".join(f"TRUNCATE reporting.{t.name};" for t in TABLES) + "TRUNCATE reporting.archive")

    done = 0
    while done < len(log):
        size = chance.randint(1, 20)
        again = log[max(0, done - chance.randint(0, 15)) : done]
        await save(conn, again + log[done : done + size])
        done += size

    assert expected == await rows(conn)
    assert len(log) == await conn.fetchval("SELECT count(*) FROM reporting.archive")


async def test_a_fact_published_twice_is_one_event_at_its_first_offset(conn: Conn) -> None:
    log = whole_lives(1)
    await save(conn, log[:6])
    before = await rows(conn)

    await save(conn, records([record.event for record in log[:6]], first_offset=900))

    assert before == await rows(conn)
    assert 5 == await conn.fetchval('SELECT max("offset") FROM reporting.archive')


async def test_a_fact_twice_in_one_batch_counts_once(conn: Conn) -> None:
    life = Life()
    life.received()
    life.fact(intake.SolutionProposed)

    await save(conn, records(life.facts) + records(life.facts, first_offset=50))

    assert 1 == await conn.fetchval("SELECT proposals FROM reporting.progress")


async def test_a_complaint_known_only_by_its_decision_gives_way_to_its_receipt(conn: Conn) -> None:
    life = Life()
    received, routed = life.received(), life.routed()

    await save(conn, records([routed], first_offset=7))
    guessed = await conn.fetchrow("SELECT * FROM reporting.complaints")
    await save(conn, records([received]))

    assert (None, "hotline") == (guessed["source"], guessed["channel"])
    assert ("crm", "n1") == tuple(await conn.fetchrow("SELECT source, source_id FROM reporting.complaints"))


async def test_facts_without_a_complaint_are_archived_once(conn: Conn) -> None:
    life = Life()
    base = life.received()
    roster = intake.RosterChanged(
        id=base.id, actor=base.actor, occurred_at=base.occurred_at, accepted_at=base.accepted_at,
        causation_id=base.id, correlation_id=base.id, version=1, handlers=(),
    )  # fmt: skip

    await save(conn, records([roster]))
    await save(conn, records([roster]))

    assert [(None,)] == [tuple(r) for r in await conn.fetch("SELECT complaint_id FROM reporting.archive")]


async def test_what_a_failed_transaction_saved_is_not_there(conn: Conn) -> None:
    transaction = conn.transaction()
    await transaction.start()
    await Store().save(conn, whole_lives(1))
    await transaction.rollback()

    assert 0 == await conn.fetchval("SELECT count(*) FROM reporting.archive")
    assert all(not stored for stored in (await rows(conn)).values())


async def test_a_schema_beside_the_live_one_is_filled_alike(database: Database) -> None:
    log = whole_lives(2)
    async with database.connected("admin") as admin:
        await Store().save(admin, log)
        live = await rows(admin)

    owner = await asyncpg.connect(database.superuser_url)
    await owner.execute("CREATE SCHEMA reporting_next")
    for file in sorted(MIGRATIONS.glob("*.sql")):
        await owner.execute(file.read_text().replace("reporting.", "reporting_next."))
    await Store("reporting_next").save(owner, log)

    assert live == await rows(owner, "reporting_next")
    await owner.close()
