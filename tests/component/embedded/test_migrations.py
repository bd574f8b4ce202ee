"""Migrations run once, in order, as their schema's owner, all of a file or nothing of it."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from deploy.migrations.apply import apply_roles, migrate
from deploy.migrations.scripts import FOLDERS, find
from tests.fixtures.databases import Database


def _write(folder: Path, **files: str) -> dict[str, Path]:
    for name, sql in files.items():
        (folder / f"{name.removeprefix('m')}.sql").write_text(sql)
    return {"routing": folder}


async def test_what_is_applied_is_not_applied_again(database: Database) -> None:
    assert [] == await migrate(database.url())


async def test_the_template_is_at_the_newest_migrations(database: Database) -> None:
    async with database.connected() as conn:
        applied = {row["version_num"] for row in await conn.fetch("SELECT version_num FROM migrations.applied")}

    newest = {migration.schema: migration.revision for migration in find(FOLDERS)}
    assert set(newest.values()) == applied


async def test_a_new_file_is_applied_as_the_schemas_owner(database: Database, tmp_path: Path) -> None:
    count = len(list(FOLDERS["routing"].glob("*.sql")))
    for known in FOLDERS["routing"].glob("*.sql"):
        (tmp_path / known.name).write_text(known.read_text())
    new = _write(
        tmp_path, **{f"m{count + 1:04}_more": "CREATE TABLE routing.a (n int); CREATE TABLE routing.b (n int);"}
    )

    assert [f"routing_{count + 1:04}"] == await migrate(database.url(), FOLDERS | new)

    async with database.connected() as conn:
        owners = await conn.fetch("SELECT tableowner FROM pg_tables WHERE tablename IN ('a', 'b')")
    assert ["kesu_routing", "kesu_routing"] == [row["tableowner"] for row in owners]


async def test_a_file_that_fails_leaves_nothing_and_those_before_it_stay(empty: Database, tmp_path: Path) -> None:
    files = _write(
        tmp_path,
        m0001_good="CREATE TABLE routing.good (n int);",
        m0002_bad="CREATE TABLE routing.half (n int); SELECT 1 / 0;",
    )

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty.url(), files)

    async with empty.connected() as conn:
        tables = await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'routing'")
        applied = await conn.fetch("SELECT version_num FROM migrations.applied")
    assert ["good"] == [row["tablename"] for row in tables]
    assert ["routing_0001"] == [row["version_num"] for row in applied]


async def test_two_at_once_apply_each_file_once(empty: Database, tmp_path: Path) -> None:
    files = _write(tmp_path, m0001_one="CREATE TABLE routing.one (n int);", m0002_two="SELECT pg_sleep(0.1);")

    applied = await asyncio.gather(*(migrate(empty.url(), files) for _ in range(3)))

    assert [[], [], ["routing_0001", "routing_0002"]] == sorted(applied)


async def test_a_lock_held_by_somebody_else_is_not_waited_for_long(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.migrations.scripts.LOCK_TIMEOUT_S", 0.2)
    await migrate(empty.url(), _write(tmp_path, m0001_one="CREATE TABLE routing.one (n int);"))
    async with empty.connected("routing") as reader, reader.transaction():
        await reader.fetch("SELECT * FROM routing.one")

        with pytest.raises(asyncpg.LockNotAvailableError):
            await migrate(empty.url(), _write(tmp_path, m0002_two="ALTER TABLE routing.one ADD COLUMN m int;"))


async def test_roles_can_be_applied_again(database: Database) -> None:
    await apply_roles(database.superuser_url)

    async with database.connected("intake") as conn:
        await conn.fetch("SELECT * FROM vault.customer_keys")
