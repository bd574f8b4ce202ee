"""Figures over HTTP: the summary, and days by dimension, the same as the views say."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from services.reporting.reads_figures import DIMENSIONS
from services.reporting.shown import Counts, Rates
from services.reporting.store import Store
from shared.events import followup, intake
from tests.builders.life import START, Life, records


async def test_the_summary_counts(client: AsyncClient, conn: Any, lives: list[Life]) -> None:
    praise = Life(9)
    praise.received()
    praise.routed(assessment={"kind": "praise"}, decision={"unit": "desk"})
    lives[0].fact(followup.CallbackSettled, callback_id=lives[0].callback().callback_id, outcome="reached")
    await Store().save(conn, records([*praise.facts, lives[0].facts[-1]], first_offset=900))

    body = (await client.get("/v1/summary")).json()

    assert (6, 5, {"complaint": 5, "praise": 1}) == (body["received"], body["complaints"], body["kinds"])
    assert ({"S2": 4, "S1": 1}, {"network-js": 5}) == (body["severities"], body["units"])
    assert ({"open": 4, "closed": 1}, {"open": 10}) == (body["statuses"], body["promises"])
    assert ({"planned": 4, "settled": 1}, {"reached": 1}) == (body["callbacks"], body["callback_outcomes"])
    assert (5, 1, None) == (body["counts"]["received"], body["counts"]["closed"], body["rates"]["csat"])


async def test_daily_figures_by_dimension(client: AsyncClient, lives: list[Life]) -> None:
    body = (await client.get("/v1/kpi/daily?by=severity&channel=hotline&day_to=2026-03-03")).json()

    got = [(item["day"], item["dimensions"], item["counts"]["received"]) for item in body["items"]]
    assert [("2026-03-02", {"severity": "S1"}, 1), ("2026-03-02", {"severity": "S2"}, 2)] == got
    assert body["complete"] is True


async def test_figures_by_every_dimension_are_those_of_the_view(client: AsyncClient, conn: Any) -> None:
    for number in range(7):
        life = Life(number, at=START + timedelta(hours=9 * number))
        life.received()
        life.routed(decision={"severity": f"S{number % 3 + 1}", "unit": f"u{number % 2}"})
        kept, broken = life.promise("first_response"), life.promise("resolution", hours=5 * number)
        life.planned(kept, broken)
        life.contacted(minutes=number)
        life.kept(kept)
        if number % 2:
            life.broken(broken)
        life.closed()
        life.fact(intake.SurveyAnswered, score=number % 5 + 1)
        await Store().save(conn, records(life.facts, first_offset=100 * number))

    rows = {
        (str(row["day"]), *(row[dimension] for dimension in DIMENSIONS)): row
        for row in await conn.fetch("SELECT * FROM reporting.v_kpi_daily")
    }
    items = (await client.get("/v1/kpi/daily", params={"by": list(DIMENSIONS)})).json()["items"]

    assert len(rows) == len(items) > 7
    for item in items:
        row = rows[item["day"], *(item["dimensions"][dimension] for dimension in DIMENSIONS)]
        assert {count: row[count] for count in Counts.__struct_fields__} == item["counts"]
        for rate in Rates.__struct_fields__:
            expected = None if row[rate] is None else pytest.approx(float(row[rate]), abs=0.0001)
            assert expected == item["rates"][rate]
