"""`python -m services.reporting.dictionary`: the data dictionary as Markdown, made from the comments on the views."""

import asyncio
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from services.reporting.settings import ReportingSettings
from services.reporting.store import SCHEMA
from shared.database import Connection, open_pool

# Every column of the schema's `v_` views with its type and comment, and the view's own comment.
_COLUMNS: Final = """
SELECT c.relname AS view, obj_description(c.oid, 'pg_class') AS about, a.attname AS column,
       format_type(a.atttypid, a.atttypmod) AS type, col_description(c.oid, a.attnum) AS comment
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = $1::text::regnamespace AND c.relkind = 'v' AND c.relname LIKE 'v\\_%' AND a.attnum > 0
ORDER BY array_position(ARRAY['v_complaints', 'v_timeline', 'v_promises', 'v_callbacks', 'v_kpi_daily'], c.relname::text),
         c.relname, a.attnum
"""
_HEAD: Final = """# 数据字典 | Data dictionary

由视图的注释生成，请勿手改 | Made from the comments on the views, not by hand: `python -m services.reporting.dictionary`

所有时间为 UTC。个人信息不在这些视图中。 | All times are UTC. Nothing personal is in these views.
"""


class Column(Struct, frozen=True, kw_only=True):
    """A column of a view; `about` and `comment` are Chinese and English, parted by " | ", or None where undocumented."""

    view: str
    about: str | None
    column: str
    type: str
    comment: str | None


async def columns(conn: Connection, schema: str = SCHEMA) -> list[Column]:
    """What the database says of the views."""
    return [Column(**dict(row)) for row in await conn.fetch(_COLUMNS, schema)]


def markdown(described: Sequence[Column], schema: str = SCHEMA) -> str:
    """The dictionary; `described` holds the columns of each view together."""
    parts = [_HEAD]
    for view, of_view in groupby(described, key=lambda column: column.view):
        rows = list(of_view)
        zh, en = _both(rows[0].about)
        parts.append(
            f"\n## `{schema}.{view}`\n\n{zh}\n\n{en}\n\n| 列 Column | 类型 Type | 含义 | Meaning |\n|---|---|---|---|\n"
        )
        for row in rows:
            zh, en = _both(row.comment)
            parts.append(f"| `{row.column}` | {row.type} | {zh} | {en} |\n")
    return "".join(parts)


def _both(comment: str | None) -> tuple[str, str]:
    zh, _, en = (comment or "").partition(" | ")
    return zh, en


async def _print(settings: ReportingSettings) -> None:
    pool = await open_pool(settings.database, name="dictionary", connections_max=1)
    async with pool, pool.acquire() as conn:
        sys.stdout.write(markdown(await columns(conn)))


if __name__ == "__main__":
    asyncio.run(_print(ReportingSettings()))
