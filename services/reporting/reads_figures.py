"""Reporting's own schema, read: daily figures and the summary."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, get_args

from services.reporting.reads import where
from services.reporting.rules.figures import rates_of
from services.reporting.rules.filters import Condition
from services.reporting.shown import Counts, DailyAnswer, DailyFigures, Summary
from shared.database import Connection

Dimension: TypeAlias = Literal["tenant", "channel", "region", "cause", "severity", "unit", "strategy"]
DIMENSIONS: Final = get_args(Dimension)
DAILY_ROWS_MAX: Final = 5_000

_SUMS: Final = ", ".join(f"sum({count})::bigint AS {count}" for count in Counts.__struct_fields__)
# Counts per day and the dimensions asked for.
_DAILY = "SELECT {by}, {sums} FROM reporting.happenings WHERE {where} GROUP BY {by} ORDER BY {by} LIMIT {rows}"
# Counts of everything.
_TOTAL = "SELECT {sums} FROM reporting.happenings WHERE $1::text IS NULL OR tenant = $1"
# How many complaints have which value of each of these.
_COMPLAINTS = """
SELECT facet, coalesce(value, 'undecided') AS value, count(*) AS n
FROM reporting.counted CROSS JOIN LATERAL (VALUES
    ('status', status), ('severity', severity), ('cause', cause), ('unit', unit), ('strategy', strategy),
    ('cross_level', cross_level)
) AS each (facet, value)
WHERE $1::text IS NULL OR tenant = $1 GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""
# How many matters of each kind, promises in each state, and callbacks in each state and with each outcome.
_ALL = """
SELECT 'kind' AS facet, coalesce(kind, 'undecided') AS value, count(*) AS n
FROM reporting.listed WHERE $1::text IS NULL OR tenant = $1 GROUP BY 2
UNION ALL
SELECT 'promise', state, count(*) FROM reporting.promises JOIN reporting.complaints USING (complaint_id)
WHERE $1::text IS NULL OR tenant = $1 GROUP BY 2
UNION ALL
SELECT facet, value, count(*)
FROM reporting.callbacks JOIN reporting.complaints USING (complaint_id)
CROSS JOIN LATERAL (VALUES ('callback', state), ('outcome', outcome)) AS each (facet, value)
WHERE ($1::text IS NULL OR tenant = $1) AND value IS NOT NULL GROUP BY 1, 2
ORDER BY 1, 3 DESC, 2
"""


async def daily(
    conn: Connection, conditions: Sequence[Condition], *, by: Sequence[str], as_of: dict[str, int]
) -> DailyAnswer:
    """Figures per day and value of the dimensions `by` (of DIMENSIONS), at most DAILY_ROWS_MAX."""
    dimensions = [dimension for dimension in DIMENSIONS if dimension in by]
    query = _DAILY.format(
        by=", ".join(["day", *dimensions]), sums=_SUMS, where=where(conditions), rows=DAILY_ROWS_MAX + 1
    )
    rows = await conn.fetch(query, *(condition.value for condition in conditions))
    items = []
    for row in rows[:DAILY_ROWS_MAX]:
        counts = Counts(**{count: row[count] for count in Counts.__struct_fields__})
        named = {dimension: row[dimension] for dimension in dimensions}
        items.append(DailyFigures(day=row["day"], dimensions=named, counts=counts, rates=rates_of(counts)))
    return DailyAnswer(as_of=as_of, items=items, complete=len(rows) <= DAILY_ROWS_MAX)


async def summary(conn: Connection, tenant: str | None, *, as_of: dict[str, int]) -> Summary:
    """Everything at a glance, of one tenant or all."""

    total = await conn.fetchrow(_TOTAL.format(sums=_SUMS), tenant)
    counts = Counts(*(value or 0 for value in total.values())) if total else Counts()
    of: dict[str, dict[str, int]] = defaultdict(dict)
    for row in [*await conn.fetch(_COMPLAINTS, tenant), *await conn.fetch(_ALL, tenant)]:
        of[row["facet"]][row["value"]] = row["n"]
    return Summary(
        as_of=as_of, received=sum(of["kind"].values()), complaints=sum(of["status"].values()), kinds=of["kind"],
        statuses=of["status"], severities=of["severity"], causes=of["cause"], units=of["unit"],
        strategies=of["strategy"], cross_levels=of["cross_level"], promises=of["promise"], callbacks=of["callback"],
        callback_outcomes=of["outcome"], counts=counts, rates=rates_of(counts),
    )  # fmt: skip
