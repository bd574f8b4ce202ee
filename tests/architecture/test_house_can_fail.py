"""The house rules find what they are there to find: each is shown a house that breaks it."""

from pathlib import Path

import pytest

from tests.architecture import house


def plant(root: Path, path: str, text: str) -> None:
    """Write `text` to `path` in the house at `root`."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


@pytest.mark.parametrize(
    ("path", "lines", "limit"),
    [
        ("shared/long.py", 301, 300),
        ("tests/unit/test_long.py", 201, 200),
        ("services/intake/migrations/0001_first.sql", 121, 120),
    ],
)
def test_a_file_one_line_too_long(tmp_path: Path, path: str, lines: int, limit: int) -> None:
    plant(tmp_path, path, "\n" * limit)
    assert [] == house.too_long(tmp_path)
    plant(tmp_path, path, "\n" * lines)
    assert [f"{path}: {lines} lines, at most {limit}"] == house.too_long(tmp_path)


def test_a_function_one_line_too_long(tmp_path: Path) -> None:
    plant(tmp_path, "kesu/a.py", "async def f():\n" + "    x = 1\n" * 70)
    assert ["kesu/a.py: f has 71 lines, at most 70"] == house.too_long(tmp_path)


@pytest.mark.parametrize("text", ["x = 1\n", '"""Things"""\n'])
def test_a_module_without_a_sentence(tmp_path: Path, text: str) -> None:
    plant(tmp_path, "shared/a.py", text)
    assert ["shared/a.py: no sentence says what lives here"] == house.without_purpose(tmp_path)


def test_a_bucket(tmp_path: Path) -> None:
    plant(tmp_path, "shared/utils.py", '"""All sorts."""\n')
    assert ["shared/utils.py: a name that says nothing"] == house.buckets(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "now = datetime.now(UTC)",
        "import time",
        "from random import choice",
        "from uuid import uuid4",
        "def f(x: Any) -> None: ...",
        "text = open('f').read()",
        "async def f() -> None: ...",
        "def f() -> None:\n    global seen",
    ],
)
def test_an_impure_rule(tmp_path: Path, line: str) -> None:
    plant(tmp_path, "services/routing/rules/cause.py", line + "\n")
    plant(tmp_path, "services/routing/handlers.py", line + "\n")
    assert [found.partition(":")[0] for found in house.impure(tmp_path)] == ["services/routing/rules/cause.py"]


def test_a_missing_room(tmp_path: Path) -> None:
    for service in house.SERVICES:
        for room in house.ROOMS:
            (tmp_path / "services" / service / room.partition("|")[0]).mkdir(parents=True, exist_ok=True)
    assert [] == house.missing_rooms(tmp_path)
    (tmp_path / "services/followup/store.py").rename(tmp_path / "services/followup/storage.py")
    assert ["services/followup: no store.py|store"] == house.missing_rooms(tmp_path)


def test_a_readme_that_says_less_or_in_another_order(tmp_path: Path) -> None:
    for service in house.SERVICES:
        plant(
            tmp_path,
            f"services/{service}/README.md",
            "## Topics in\n## Topics out\n## Tables\n## Invariants\n## Failures\n",
        )
    assert [] == house.unlike(tmp_path)
    plant(tmp_path, "services/routing/README.md", "## Topics\n## Invariants\n## Tables\n## Failures\n")
    assert ["services/routing: README.md has no Invariants here"] == house.unlike(tmp_path)[:1]
