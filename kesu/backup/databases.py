"""What the database is like before a dump and before a restore: server, schemas, positions, whether anything is in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import asyncpg

from deploy.migrations.apply import migrate
from kesu.backup.manifest import Position
from kesu.backup.programs import Programs
from shared.database import Connection
from shared.errors import Stopped

SERVICES: Final = ("intake", "routing", "followup", "reporting")
ROLES: Final = ("kesu_admin", *(f"kesu_{name}" for name in SERVICES))
# Rows worth counting: in the manifest, and to tell a database that was used from one that was not.
COUNTED: Final = (
    "vault.customer_keys", "intake.submissions", "intake.events", "intake.waiting", "intake.idempotency", "routing.events",
    "followup.events", "followup.complaints", "reporting.archive",
)  # fmt: skip
# Kesu's schemas: those that its roles own.
_SCHEMAS = """
SELECT nspname::text FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE rolname = ANY($1::text[]) ORDER BY 1
"""
_REVISIONS = "SELECT version_num::text FROM migrations.applied ORDER BY 1"
_POSITIONS = "SELECT '{0}', cluster, topic, partition, next_offset FROM {0}.positions"
_EXISTS = "SELECT to_regclass($1) IS NOT NULL"
# Who else is connected as a service.
_CONNECTED = """
SELECT DISTINCT usename::text FROM pg_stat_activity
WHERE datname = current_database() AND usename = ANY($1::text[]) AND usename <> 'kesu_admin'
"""
# What a schema holds, as commands that remove it.
_REMOVALS = """
SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY($1::text[])
"""


async def schemas_of(conn: Connection) -> list[str]:
    """Kesu's schemas; raises Stopped where roles and schemas were never made."""
    found = [row[0] for row in await conn.fetch(_SCHEMAS, list(ROLES))]
    if missing := {"vault", "migrations", *SERVICES} - set(found):
        names = ", ".join(sorted(missing))
        raise Stopped(
            "roles_missing",
            zh=f"数据库缺少模式 {names}：请先运行 kesu migrate --roles-as 建立角色与模式",
            en=f"the database lacks schemas {names}: first make roles and schemas with kesu migrate --roles-as",
        )
    return found


async def server_version(conn: Connection) -> int:
    """The server's major version."""
    return int(await conn.fetchval("SHOW server_version_num")) // 10_000


async def revisions(conn: Connection) -> tuple[str, ...]:
    """The newest migration of each schema."""
    return tuple(row[0] for row in await conn.fetch(_REVISIONS))


async def positions(conn: Connection) -> tuple[Position, ...]:
    """How far every service has read, in every cluster it knows."""
    found: list[Position] = []
    for schema in SERVICES:
        rows = await conn.fetch(_POSITIONS.format(schema))
        found += (Position(schema=r[0], cluster=r[1], topic=r[2], partition=r[3], next_offset=r[4]) for r in rows)
    return tuple(found)


async def rows(conn: Connection) -> dict[str, int]:
    """How many rows the tables have that are there."""
    there = [table for table in COUNTED if await conn.fetchval(_EXISTS, table)]
    return {table: await conn.fetchval(f"SELECT count(*) FROM {table}") for table in there}


async def require_nobody(conn: Connection) -> None:
    """No service is connected; raises Stopped."""
    if connected := [row[0] for row in await conn.fetch(_CONNECTED, list(ROLES))]:
        raise Stopped(
            "services_running",
            zh=f"仍有服务连接着数据库（{', '.join(connected)}）：恢复前请先停止全部服务",
            en=f"services are still connected to the database ({', '.join(connected)}): stop all of them first",
        )


async def require_empty(conn: Connection) -> None:
    """Nothing was ever written; tables may be there. Raises Stopped."""
    known = [f"{s}.positions" for s in SERVICES if await conn.fetchval(_EXISTS, f"{s}.positions")]
    used = [t for t in known if await conn.fetchval(f"SELECT EXISTS (SELECT FROM {t})")]
    used += [table for table, count in (await rows(conn)).items() if count]
    if used:
        raise Stopped(
            "database_not_empty",
            zh=f"数据库里已有数据（{', '.join(used)}）：只恢复到空库；请另建数据库，不要删除旧库直到核对通过",
            en=f"the database holds data ({', '.join(used)}): restoring needs an empty one; make another, and keep the old "
            "one until kesu verify has passed",
        )


async def restore_dump(url: str, programs: Programs, schemas: Sequence[str], source: Path) -> list[str]:
    """Read the dump into the empty database and bring it to today's migrations; returns those that were applied."""
    conn = await asyncpg.connect(url)
    try:
        async with conn.transaction():
            for row in await conn.fetch(_REMOVALS, list(schemas)):
                await conn.execute(row[0])
        await programs.restore(url, schemas=schemas, source=source)
        applied = await migrate(url)
        for table in COUNTED:
            await conn.execute(f"ANALYZE {table}")
        return applied
    finally:
        await conn.close()
