"""The commands, as an operator or a nightly job calls them."""

from pathlib import Path

import msgspec

from kesu.backup.manifest import Manifest
from kesu.backup.restoring import Restored
from tests.component.backup.grounds import Ground
from tests.e2e.doors import kesu


def environment(ground: Ground) -> dict[str, str]:
    return {
        "KESU_DATABASE_URL": ground.database.url(), "KESU_KAFKA_BOOTSTRAP": ground.broker.bootstrap,
        "KESU_MASTER_KEY_FILE": str(ground.key_file), "KESU_IDEMPOTENT_PRODUCER": "false",
    }  # fmt: skip


async def test_backup_and_restore(ground: Ground, target: Ground, tmp_path: Path) -> None:
    await ground.tell(0, 30)
    await ground.read_all()
    status, out = await kesu("backup", str(tmp_path / "b"), "--json", **environment(ground))
    manifest = msgspec.json.decode(out, type=Manifest)
    assert (0, 30) == (status, sum(log.records for log in manifest.log))
    assert "NOT in this backup" in manifest.master_key

    status, out = await kesu("restore", str(tmp_path / "b"), "--json", **environment(target))
    assert (0, 30) == (status, msgspec.json.decode(out, type=Restored).records)
    assert await ground.records() == await target.records()


async def test_restored_but_older_than_the_database_has_a_status_of_its_own(
    ground: Ground, target: Ground, tmp_path: Path
) -> None:
    await ground.tell(0, 30)
    await ground.backup(tmp_path / "b")
    await ground.tell(30, 40)
    await ground.read_all()
    status, out = await kesu(
        "restore", str(tmp_path / "b"), "--only", "log", "--json",
        **environment(Ground(ground.database, target.broker, ground.key_file)),
    )  # fmt: skip
    assert 2 == status
    assert {"routing"} == {one.partition(":")[0] for one in msgspec.json.decode(out, type=Restored).beyond}


async def test_what_cannot_be_done_is_status_1(ground: Ground, tmp_path: Path) -> None:
    assert 1 == (await kesu("restore", str(tmp_path), **environment(ground)))[0]
    assert 1 == (await kesu("restore", **environment(ground)))[0]
    assert 1 == (await kesu("restore", str(tmp_path), "--only", "half", **environment(ground)))[0]
