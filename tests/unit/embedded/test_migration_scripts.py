"""One SQL file is one migration: its name says its place, and Alembic sees one branch per schema."""

from pathlib import Path

import pytest

from deploy.migrations.scripts import FOLDERS, BadNumbering, find, script_directory


def _files(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_text("SELECT 1;")
    return folder


def test_each_schema_is_a_branch_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    by_schema = {
        "intake": _files(tmp_path / "a", "0001_first.sql", "0002_more.sql"),
        "routing": _files(tmp_path / "b", "0001_first.sql"),
    }

    scripts = script_directory(find(by_schema))

    assert ["intake_0002", "routing_0001"] == sorted(scripts.get_heads())
    newest = scripts.get_revision("intake_0002")
    assert newest is not None
    assert "intake_0001" == newest.down_revision
    assert {"intake"} == newest.branch_labels


@pytest.mark.parametrize(
    "names",
    [
        ("0002_first.sql",),
        ("0001_first.sql", "0003_gap.sql"),
        ("0001_one.sql", "0001_two.sql"),
        ("1_short.sql",),
        ("0001_Loud.sql",),
    ],
)
def test_a_wrong_number_or_name_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(BadNumbering):
        find({"intake": _files(tmp_path / "a", *names)})


def test_every_schema_has_its_first_migration() -> None:
    assert set(FOLDERS) == {migration.schema for migration in find(FOLDERS) if migration.number == 1}
