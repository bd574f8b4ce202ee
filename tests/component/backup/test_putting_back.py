"""A restore gives back every record at its offset, and refuses, before it writes anything, what would spoil something."""

from pathlib import Path

import asyncpg
import pytest

from kesu.backup import from_files
from kesu.backup.manifest import required
from shared.errors import Stopped
from tests.component.backup.grounds import Ground


class Interrupted(Exception):
    """Somebody pulled the plug."""


async def backed_up(ground: Ground, directory: Path) -> Path:
    """A backup of 2,000 complaints."""
    await ground.tell(0, 2_000)
    await ground.read_all()
    await ground.backup(directory)
    return directory


async def test_records_come_back_byte_for_byte_at_their_offsets(ground: Ground, target: Ground, tmp_path: Path) -> None:
    where = await backed_up(ground, tmp_path / "b")
    done = await target.restore(where)
    assert (2_000, 1, ()) == (done.records, done.dump, done.beyond)
    assert await ground.records() == await target.records()
    async with target.database.connected("routing") as conn:  # its own role reads its own tables
        rows = await conn.fetch("SELECT partition, next_offset FROM routing.positions WHERE cluster = $1", done.cluster)
    ends = {tp.partition: end for tp, end in (await target.ends()).items() if tp.topic == "kesu.complaints"}
    assert ends == {row[0]: row[1] for row in rows}


async def test_an_interrupted_log_is_gone_on_with(
    ground: Ground, target: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_files, "RECORDS_AT_ONCE", 400)
    where = await backed_up(ground, tmp_path / "b")

    def plug(_: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        await target.restore(where, only="log", counted=plug)
    assert 400 == sum((await target.ends()).values())
    await target.restore(where)
    assert await ground.records() == await target.records()


async def test_nothing_is_restored_over_something(ground: Ground, target: Ground, tmp_path: Path) -> None:
    where = await backed_up(ground, tmp_path / "b")
    with pytest.raises(Stopped, match="database_not_empty"):
        await ground.restore(where)
    await Ground(ground.database, target.broker, target.key_file).tell(20_000, 20_010)
    with pytest.raises(Stopped, match="log_not_empty"):
        await target.restore(where)
    assert 10 == sum((await target.ends()).values())
    async with target.database.connected() as conn:
        assert not await conn.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'intake'")


async def test_another_key_a_damaged_file_or_a_running_service_stop_it(
    ground: Ground, target: Ground, tmp_path: Path
) -> None:
    where = await backed_up(ground, tmp_path / "b")
    target.key_file = tmp_path / "other.key"
    target.key_file.write_text("22" * 32)
    with pytest.raises(Stopped, match="wrong_master_key"):
        await target.restore(where)
    target.key_file = ground.key_file

    conn = await asyncpg.connect(target.database.url("routing"))
    with pytest.raises(Stopped, match="services_running"):
        await target.restore(where)
    await conn.close()

    segment = where / next(log for log in required(where).log if log.segments).segments[0].stored.file
    segment.write_bytes(segment.read_bytes()[:-1] + b"?")
    with pytest.raises(Stopped, match="backup_damaged"):
        await target.restore(where)
    assert 0 == sum((await target.ends()).values())


async def test_a_migrated_database_without_data_is_empty(ground: Ground, target: Ground, tmp_path: Path) -> None:
    await ground.read_all()
    await ground.backup(tmp_path / "b")
    async with ground.database.connected() as conn:
        for schema in ("intake", "routing", "followup", "reporting"):
            await conn.execute(f"TRUNCATE {schema}.positions")
    done = await Ground(ground.database, target.broker, target.key_file).restore(tmp_path / "b")
    assert 1 == done.dump
