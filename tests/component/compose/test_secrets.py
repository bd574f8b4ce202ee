"""The script that makes every secret: once, whole, never over what is there, and of API keys it keeps the hashes alone."""

import os
import stat
import subprocess
from pathlib import Path

from services.intake.keys import load_keys

SCRIPT = Path(__file__).parents[3] / "deploy" / "compose" / "secrets.sh"
SECRETS = {"master_key", "postgres", "kesu_admin", "kesu_intake", "kesu_routing", "kesu_followup", "kesu_reporting"}


def made(directory: Path, *channels: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"KESU_SECRETS_DIR": str(directory)}
    return subprocess.run(["sh", SCRIPT, *channels], env=env, capture_output=True, text=True, timeout=30, check=False)


def held(directory: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in directory.iterdir()}


def test_each_secret_is_one_of_its_own(tmp_path: Path) -> None:
    assert made(tmp_path / "secrets").returncode == 0
    found = held(tmp_path / "secrets")
    assert SECRETS | {"api_keys.json"} == found.keys()
    assert len(SECRETS) == len({found[name] for name in SECRETS})
    assert all(len(bytes.fromhex(found[name])) == 32 for name in SECRETS)


def test_intake_knows_the_keys_that_were_shown_and_the_file_has_their_hashes_alone(tmp_path: Path) -> None:
    shown = dict(line.split() for line in made(tmp_path / "secrets", "web", "hotline-2").stdout.splitlines())
    file = tmp_path / "secrets" / "api_keys.json"
    keys = load_keys(file)
    owners = {channel: keys.owner(key) for channel, key in shown.items()}
    assert {"web": "web", "hotline-2": "hotline-2"} == {name: owner.channel for name, owner in owners.items() if owner}
    assert not any(key in file.read_text() for key in shown.values())


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    made(tmp_path / "secrets")
    before = held(tmp_path / "secrets")
    again = made(tmp_path / "secrets", "web")
    assert again.returncode == 1 and not again.stdout and "master key" in again.stderr and "主密钥" in again.stderr
    assert before == held(tmp_path / "secrets")


def test_only_the_owner_enters_the_directory_and_nothing_half_made_stays(tmp_path: Path) -> None:
    made(tmp_path / "secrets")
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert ["secrets"] == [one.name for one in tmp_path.iterdir()]


def test_a_name_that_is_none_makes_nothing(tmp_path: Path) -> None:
    assert made(tmp_path / "secrets", 'web", "tenant": "other').returncode == 1
    assert [] == list(tmp_path.iterdir())
