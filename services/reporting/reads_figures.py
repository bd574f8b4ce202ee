"""Reporting's own schema, read: daily figures and the summary."""

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
_DAILY = "SELECT {by}, {sums} FROM reporting.v_kpi_daily WHERE {where} GROUP BY {by} ORDER BY {by} LIMIT {rows}"
# Counts of everything.
_TOTAL = "SELECT {sums} FROM reporting.v_kpi_daily WHERE $1::text IS NULL OR tenant = $1"
# How many of each value.
_EACH = """
SELECT coalesce({column}, 'undecided') AS value, count(*) AS n FROM {source}
WHERE $1::text IS NULL OR tenant = $1 GROUP BY 1 ORDER BY 2 DESC, 1
"""
# Where they are counted: every matter, complaints only, and the ledgers of every matter.
_MATTERS: Final = (
    "(SELECT tenant, kind FROM reporting.complaints LEFT JOIN reporting.decisions USING (complaint_id)) matters"
)
_COUNTED: Final = "reporting.counted"
_SETTLED: Final = "(SELECT tenant, outcome FROM reporting.v_callbacks WHERE outcome IS NOT NULL) settled"


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

    async def each(column: str, source: str = _COUNTED) -> dict[str, int]:
        rows = await conn.fetch(_EACH.format(column=column, source=source), tenant)
        return {row["value"]: row["n"] for row in rows}

    total = await conn.fetchrow(_TOTAL.format(sums=_SUMS), tenant)
    counts = Counts(*(value or 0 for value in total.values())) if total else Counts()
    kinds, statuses = await each("kind", _MATTERS), await each("status")
    return Summary(
        as_of=as_of, received=sum(kinds.values()), complaints=sum(statuses.values()), kinds=kinds, statuses=statuses,
        severities=await each("severity"), causes=await each("cause"), units=await each("unit"),
        strategies=await each("strategy"), cross_levels=await each("cross_level"),
        promises=await each("state", "reporting.v_promises"), callbacks=await each("state", "reporting.v_callbacks"),
        callback_outcomes=await each("outcome", _SETTLED), counts=counts, rates=rates_of(counts),
    )  # fmt: skip
