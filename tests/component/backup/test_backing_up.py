"""Backups into one directory go on where the last one ended, and one that fails leaves the last one whole."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pytest

from deploy.embedded.run_dir import RunDir
from kesu.backup.manifest import required
from shared.errors import Stopped
from tests.component.backup.grounds import Ground, another_broker


class Failing:
    """pg_dump whose disk is full."""

    async def version(self) -> int:
        return 99

    async def dump(self, url: str, *, schemas: Sequence[str], snapshot: str, into: BinaryIO) -> None:
        into.write(b"half")
        raise Stopped("pg_dump_failed", zh="磁盘已满", en="disk full")

    async def restore(self, url: str, *, schemas: Sequence[str], source: Path) -> None:
        raise AssertionError


async def test_the_second_backup_adds_what_is_new(ground: Ground, tmp_path: Path) -> None:
    where, exported = tmp_path / "b", [0, 0]

    def counting(number: int, records: int) -> None:
        exported[number] += records

    await ground.tell(0, 300)
    first = await ground.backup(where, counted=lambda n: counting(0, n))
    await ground.tell(300, 500)
    second = await ground.backup(where, counted=lambda n: counting(1, n))
    third = await ground.backup(where, dumps_kept=2)
    assert [300, 200] == exported
    assert (300, 500) == (sum(p.records for p in first.log), sum(p.records for p in second.log))
    assert (300, 500) == (first.dump().rows["intake.events"], second.dump().rows["intake.events"])
    assert [2, 3] == [dump.number for dump in third.dumps]
    assert second.log == third.log
    assert third == required(where)
    named = {d.stored.file for d in third.dumps} | {d.erasures.file for d in third.dumps}
    assert named == {path.relative_to(where).as_posix() for path in where.glob("database/*")}


async def test_a_backup_that_fails_leaves_the_last_one_whole(ground: Ground, tmp_path: Path) -> None:
    where = tmp_path / "b"
    await ground.tell(0, 10)
    before = await ground.backup(where)
    await ground.tell(10, 20)
    with pytest.raises(Stopped, match="pg_dump_failed"):
        await ground.backup(where, programs=Failing())
    assert before == required(where)
    assert 2 == (await ground.backup(where)).dump().number
    assert [] == list(where.rglob("*.part"))


async def test_the_first_backup_that_fails_is_none(ground: Ground, tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="pg_dump_failed"):
        await ground.backup(tmp_path / "b", programs=Failing())
    with pytest.raises(Stopped, match="no_backup"):
        required(tmp_path / "b")


async def test_the_master_key_is_nowhere_in_it(ground: Ground, tmp_path: Path) -> None:
    await ground.tell(0, 10)
    await ground.backup(tmp_path / "b")
    key = ground.key_file.read_text().strip()
    content = b"".join(path.read_bytes() for path in (tmp_path / "b").rglob("*") if path.is_file())
    assert key.encode() not in content
    assert bytes.fromhex(key) not in content
    assert [0o600] == sorted({path.stat().st_mode & 0o777 for path in (tmp_path / "b").rglob("*.dump")})


async def test_another_cluster_or_key_does_not_go_on_in_the_same_directory(
    ground: Ground, run_dir: RunDir, tmp_path: Path
) -> None:
    await ground.backup(tmp_path / "b")
    async with another_broker(run_dir) as other:
        with pytest.raises(Stopped, match="backup_of_another_cluster"):
            await Ground(ground.database, other, ground.key_file).backup(tmp_path / "b")
    ground.key_file.write_text("11" * 32)
    with pytest.raises(Stopped, match="another_master_key"):
        await ground.backup(tmp_path / "b")
