"""What supervisors and analysts read: complaints, timelines, ledgers and daily figures."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.reporting.store import Store
from shared.events import followup, intake
from tests.builders.life import START, Life, records


async def save(conn: Any, *lives: Life) -> None:
    for number, life in enumerate(lives):
        async with conn.transaction():
            await Store().save(conn, records(life.facts, first_offset=1000 * number))


async def figures(conn: Any) -> Any:
    """The sum of each count over all rows."""
    return await conn.fetchrow(
        """SELECT sum(received) AS received, sum(routed) AS routed, sum(closed) AS closed,
        sum(first_contact_resolved) AS resolved_at_once, sum(promises_due) AS due, sum(promises_kept) AS kept,
        sum(promises_renewed) AS renewed, sum(promises_broken) AS broken, sum(escalated) AS escalated,
        sum(contact_minutes) AS minutes, sum(csat_sum) AS csat_sum FROM reporting.v_kpi_daily"""
    )


async def test_status_follows_the_life(conn: Any) -> None:
    received, routed, closed, reopened = Life(1), Life(2), Life(3), Life(4)
    for life in (received, routed, closed, reopened):
        life.received()
    for life in (routed, closed, reopened):
        life.routed()
    closed.closed()
    reopened.closed()
    reopened.fact(followup.ComplaintReopened, because="survey", opened=(reopened.promise("resolution"),))
    await save(conn, received, routed, closed, reopened)

    rows = await conn.fetch("SELECT source_id, status FROM reporting.v_complaints ORDER BY source_id")

    assert [("n1", "received"), ("n2", "open"), ("n3", "closed"), ("n4", "open")] == [tuple(row) for row in rows]


async def test_the_next_promise_is_the_nearest_open_one(conn: Any) -> None:
    life = Life()
    life.received()
    first, second = life.promise("first_response", hours=2), life.promise("resolution", hours=48)
    life.planned(first, second)
    life.kept(first)
    await save(conn, life)

    row = await conn.fetchrow("SELECT * FROM reporting.v_complaints")

    assert ("resolution", second.due_at) == (row["next_promise_kind"], row["next_promise_due_at"])
    assert (1, 1, 0) == (row["promises_open"], row["promises_kept"], row["promises_broken"])


async def test_supplied_information_completes_the_key_facts(conn: Any) -> None:
    life = Life()
    life.received()
    life.routed(key_complete=False)
    await save(conn, life)
    before = await conn.fetchval("SELECT key_complete FROM reporting.v_complaints")
    life.fact(intake.InformationSupplied)
    await save(conn, life)

    assert (False, True) == (before, await conn.fetchval("SELECT key_complete FROM reporting.v_complaints"))


async def test_the_timeline_shows_every_event_without_its_sealed_part(conn: Any) -> None:
    life = Life()
    life.received()
    life.routed()
    life.planned()
    await save(conn, life)

    rows = await conn.fetch('SELECT type, occurred_at, facts::text FROM reporting.v_timeline ORDER BY "offset"')

    assert [fact.occurred_at for fact in life.facts] == [row["occurred_at"] for row in rows]
    assert '"channel"' in rows[0]["facts"] and "sealed" not in rows[0]["facts"]


async def test_praise_and_inquiries_never_count(conn: Any) -> None:
    lives = [Life(number) for number in range(4)]
    for life, kind in zip(lives, ("praise", "inquiry", "noise", "suggestion"), strict=True):
        life.received()
        life.routed(assessment={"kind": kind})
        promise = life.promise("first_response")
        life.planned(promise)
        life.broken(promise)
        life.closed()
    await save(conn, *lives)

    assert 0 == await conn.fetchval("SELECT count(*) FROM reporting.v_kpi_daily")


async def test_what_is_not_decided_yet_is_a_complaint(conn: Any) -> None:
    life = Life()
    life.received()
    await save(conn, life)

    row = await conn.fetchrow("SELECT * FROM reporting.v_kpi_daily")

    assert (1, 0, "undecided", "undecided") == (row["received"], row["routed"], row["cause"], row["unit"])


async def test_promise_figures_by_how_each_ended(conn: Any) -> None:
    life = Life()
    life.received()
    life.routed()
    kept, renewed, broken, released = (life.promise("resolution", n, hours=n) for n in range(1, 5))
    life.planned(kept, renewed, broken, released)
    life.kept(kept)
    life.renewed(renewed, life.promise("resolution", 5))
    life.broken(broken)
    life.closed(promises_released=(released.promise_id,))
    await save(conn, life)

    row = await figures(conn)

    assert (4, 1, 1, 1) == (
        row["due"],
        row["kept"],
        row["renewed"],
        row["broken"],
    )  # the renewed one's successor is open


@pytest.mark.parametrize(
    ("what", "resolved"),
    [("nothing", 1), ("second conversation", 0), ("satisfaction call", 1), ("transfer", 0), ("refusal", 0), ("back in 6 days", 0), ("back in 8 days", 1)],
)  # fmt: skip
async def test_first_contact_resolution(conn: Any, what: str, resolved: int) -> None:
    life = Life()
    life.received()
    life.routed()
    life.contacted()
    match what:
        case "second conversation":
            life.contacted()
        case "satisfaction call":
            life.contacted(purpose="satisfaction")
        case "transfer":
            life.routed(revision=2, decision={"unit": "billing"})
        case "refusal":
            life.fact(intake.AssignmentRefused, unit="network-js", reason="other")
    life.closed()
    again = Life(2, at=life.at + timedelta(days={"back in 6 days": 6, "back in 8 days": 8}.get(what, 30)))
    again.customer_id = life.customer_id
    again.received()
    again.routed()
    await save(conn, life, again)

    row = await figures(conn)

    assert (1, resolved) == (row["closed"], row["resolved_at_once"])


async def test_days_are_the_customers_days(conn: Any) -> None:
    evening, shanghai = Life(1, at=START.replace(hour=17)), Life(2, at=START.replace(hour=17))
    evening.received(time_zone="Europe/London")
    shanghai.received()  # 01:00 on the next day there
    await save(conn, evening, shanghai)

    rows = await conn.fetch("SELECT day, received FROM reporting.v_kpi_daily ORDER BY day")

    assert [(date(2026, 3, 2), 1), (date(2026, 3, 3), 1)] == [tuple(row) for row in rows]


async def test_rates_of_a_day(conn: Any) -> None:
    easy, hard = Life(1), Life(2)
    for life, minutes, score in ((easy, 4, 5), (hard, 10, 4)):
        life.received()
        life.routed()
        life.contacted(minutes=minutes)
        if life is hard:
            life.routed(revision=2, decision={"tier": "L3"})
        life.closed()
        life.fact(intake.SurveyAnswered, score=score)
    await save(conn, easy, hard)

    row = await conn.fetchrow("SELECT * FROM reporting.v_kpi_daily")

    assert (7.0, 4.5, 0.5) == tuple(float(row[f]) for f in ("average_handle_minutes", "csat", "escalation_rate"))


async def test_a_renewed_and_a_released_promise_are_neither_kept_nor_broken(conn: Any) -> None:
    life = Life()
    life.received()
    life.routed()
    first = life.promise("resolution", hours=1)
    life.planned(first)
    life.renewed(first, life.promise("resolution", 2, hours=2))
    await save(conn, life)

    assert [None] == [
        row[0] for row in await conn.fetch("SELECT DISTINCT promises_kept_rate FROM reporting.v_kpi_daily")
    ]
