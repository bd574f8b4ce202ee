"""All that a stack holds, as bytes: records of topics, cells of tables, lines of logs."""

from collections.abc import Sequence

import asyncpg

from deploy.stack import Stack
from shared.log.ends import log_end, partitions_of, reading, stretch
from shared.pipeline.records import RawRecord

# Every table of ours, of every schema.
_TABLES = """
SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


async def records(stack: Stack, topics: Sequence[str]) -> dict[str, list[RawRecord]]:
    """Topic → all its records."""
    found: dict[str, list[RawRecord]] = {topic: [] for topic in topics}
    partitions = await partitions_of(stack.brokers, topics)
    async with reading(stack.brokers, partitions) as consumer:
        for one in partitions:
            async for some in stretch(consumer, one, first=0, end=await log_end(consumer, one)):
                found[one.topic] += some
    return found


def parts(record: RawRecord) -> list[bytes]:
    """Key, value and headers."""
    headers = [part for name, value in record.headers for part in (name.encode(), value)]
    return [part for part in (record.key, record.value, *headers) if part]


async def cells(stack: Stack) -> dict[str, list[bytes]]:
    """`schema.table.column` → its values; what is bytes as it is, all else as text."""
    conn = await asyncpg.connect(stack.database_url())
    found: dict[str, list[bytes]] = {}
    try:
        for schema, table in await conn.fetch(_TABLES):
            for row in await conn.fetch(f'SELECT * FROM "{schema}"."{table}"'):
                for column, value in row.items():
                    content = value if isinstance(value, bytes) else str(value).encode()
                    found.setdefault(f"{schema}.{table}.{column}", []).append(content)
    finally:
        await conn.close()
    return found


def logs(stack: Stack) -> dict[str, list[bytes]]:
    """File name → what was written."""
    return {file.name: [file.read_bytes()] for file in sorted((stack.run_dir.path / "logs").iterdir())}
