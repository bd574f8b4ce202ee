"""`kesu policy check`, `show` and `schema`, as they are typed."""

from pathlib import Path

import msgspec
from typer.testing import CliRunner

from kesu.cli import app
from tests.builders.packs import company_folder


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["policy", *arguments])
    return done.exit_code, done.stdout


def test_a_pack_that_holds(tmp_path: Path) -> None:
    status, out = run("check", str(company_folder(tmp_path)), "--json")
    report = msgspec.json.decode(out)
    assert 0 == status and "harbour" == report["name"]
    assert {"note"} == {one["gravity"] for one in report["findings"]}


def test_a_pack_that_does_not_names_the_place_in_both_languages(tmp_path: Path) -> None:
    row = "- {id: ours, unit: u, when: has_nothing, zh: 错, en: wrong}\n"
    status, out = run("check", str(company_folder(tmp_path, {"tables/unit.yaml": row})))
    assert 2 == status
    assert all(one in out for one in ("unit / ours", "词库中没有信号", "no such signals in the lexicons"))


def test_tables_are_shown_with_inheritance_applied(tmp_path: Path) -> None:
    status, out = run("show", str(company_folder(tmp_path)), "--table", "unit", "--json")
    rows = msgspec.json.decode(out)["tables"]["unit"]
    assert 0 == status and ["ours", "desk_inquiry"] == [row["id"] for row in rows[:2]]
    assert (1, "") == run("show", "general", "--table", "nonsense")


def test_schemas_are_written(tmp_path: Path) -> None:
    status, _ = run("schema", "--out", str(tmp_path))
    assert 0 == status and (tmp_path / "tables" / "unit.schema.json").is_file()


def test_a_broken_pack_is_not_even_handed_in(tmp_path: Path) -> None:
    row = "- {id: ours, unit: u, when: has_nothing, zh: 错, en: wrong}\n"
    status, out = run("activate", str(company_folder(tmp_path, {"tables/unit.yaml": row})))
    assert 2 == status and "unit / ours" in out
