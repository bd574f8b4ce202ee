"""Brings a database to the newest migrations: roles first (as a superuser), then what is missing (as kesu_admin)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import asyncpg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from deploy.migrations.passwords import scram_verifier
from deploy.migrations.scripts import FOLDERS, find, script_directory

ROLES_FILE: Final = Path(__file__).parents[1] / "roles.sql"
VERSION_SCHEMA: Final = "migrations"
CONNECT_TIMEOUT_S: Final = 30
_ONE_AT_A_TIME: Final = 0x6B657375  # "kesu": the advisory lock of whoever migrates


async def apply_roles(superuser_url: str, *, passwords: Mapping[str, str] | None = None) -> None:
    """Make the roles and schemas of `deploy/roles.sql` in this database; safe to repeat.

    `passwords`: role → new password (none are set without it).
    """
    conn = await asyncpg.connect(superuser_url, timeout=CONNECT_TIMEOUT_S)
    try:
        await conn.execute(ROLES_FILE.read_text())
        for role, password in (passwords or {}).items():
            statement = await conn.fetchval(
                "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", role, scram_verifier(password)
            )
            await conn.execute(statement)
    finally:
        await conn.close()


async def migrate(admin_url: str, by_schema: Mapping[str, Path] | None = None) -> list[str]:
    """Apply what is missing, each file in a transaction of its own; returns the names of the revisions applied."""
    # The driver reads the address itself: it alone understands all of it (sslmode, sslrootcert).
    connect = partial(asyncpg.connect, admin_url, timeout=CONNECT_TIMEOUT_S)
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as conn:
            return await conn.run_sync(_upgrade, by_schema or FOLDERS)
    finally:
        await engine.dispose()


def _upgrade(conn: Connection, by_schema: Mapping[str, Path]) -> list[str]:
    applied: list[str] = []
    scripts = script_directory(find(by_schema))

    def steps(current: Any, _context: Any) -> Any:
        return scripts._upgrade_revs("heads", current)  # Alembic's `upgrade` command does the same

    conn.execute(text(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})"))
    conn.commit()
    with EnvironmentContext(Config(), scripts, fn=steps, destination_rev="heads") as env:
        env.configure(
            connection=conn,
            version_table="applied",
            version_table_schema=VERSION_SCHEMA,
            transaction_per_migration=True,
            on_version_apply=lambda *, step, **_: applied.append(str(step.up_revision_id)),
        )
        env.run_migrations()
    conn.commit()
    return applied
