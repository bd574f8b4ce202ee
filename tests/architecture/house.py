"""The house rules as functions: each returns what breaks it, as `path: what`, and nothing where all is well."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SOURCE_LINES_MAX: Final = 300
TEST_LINES_MAX: Final = 200
MIGRATION_LINES_MAX: Final = 120
FUNCTION_LINES_MAX: Final = 70
BUCKET_NAMES: Final = frozenset({"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common_utils"})
CODE: Final = ("shared", "services", "deploy", "kesu")
SERVICES: Final = ("intake", "routing", "followup", "reporting")
# Every service has these; one written as `a|b` may be a file or a folder.
ROOMS: Final = (
    *("__init__.py", "README.md", "__main__.py", "app.py", "settings.py", "handlers.py|handlers", "model.py|model"),
    *("api.py|api", "rules.py|rules", "store.py|store", "migrations"),
)
# What a service's README says, by the first words of its headings.
README_SAYS: Final = ("Topics", "Tables", "Invariants", "Failures")


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Python files under `folders` of `root`, in a stable order."""
    for folder in folders:
        yield from sorted(path for path in (root / folder).rglob("*.py") if "__pycache__" not in path.parts)


def too_long(root: Path) -> list[str]:
    """Files and functions beyond the hard stops of the house."""
    found = []
    for path in python_files(root, *CODE, "tests"):
        text = path.read_text()
        limit = TEST_LINES_MAX if path.is_relative_to(root / "tests") else SOURCE_LINES_MAX
        lines = len(text.splitlines())
        if lines > limit:
            found.append(f"{path.relative_to(root)}: {lines} lines, at most {limit}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    found.append(
                        f"{path.relative_to(root)}: {node.name} has {length} lines, at most {FUNCTION_LINES_MAX}"
                    )
    for path in sorted(root.glob("s*/**/*migrations/*.sql")):
        lines = len(path.read_text().splitlines())
        if lines > MIGRATION_LINES_MAX:
            found.append(f"{path.relative_to(root)}: {lines} lines, at most {MIGRATION_LINES_MAX}")
    return found


def without_purpose(root: Path) -> list[str]:
    """Modules whose docstring is missing, or whose first line is no sentence."""
    found = []
    for path in python_files(root, *CODE, "tests"):
        tree = ast.parse(path.read_text())
        first = (ast.get_docstring(tree) or "").partition("\n")[0]
        if (tree.body or path.name != "__init__.py") and not first.endswith((".", "?", "。", "`", ":")):
            found.append(f"{path.relative_to(root)}: no sentence says what lives here")
    return found


def buckets(root: Path) -> list[str]:
    """Modules named after nothing in particular."""
    return [
        f"{path.relative_to(root)}: a name that says nothing"
        for path in python_files(root, *CODE, "tests")
        if path.stem in BUCKET_NAMES or path.parent.name in BUCKET_NAMES
    ]


def rules_files(root: Path) -> Iterator[Path]:
    """The rules of all services: `rules.py`, or everything in `rules/`."""
    for path in python_files(root, "services"):
        if path.name == "rules.py" or "rules" in path.relative_to(root).parts[:-1]:
            yield path


def impure(root: Path) -> list[str]:
    """Rules that look at the clock, roll dice, wait, print, open files, change globals or let `Any` in."""
    return [
        f"{path.relative_to(root)}:{line}: {what}"
        for path in rules_files(root)
        for line, what in sorted(_impurities(ast.parse(path.read_text())))
    ]


def _impurities(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(
                attr="now" | "utcnow" | "today" | "fromtimestamp", value=ast.Name(id="datetime" | "date")
            ):
                yield node.lineno, f"{node.attr} is the clock or its zone: time is an argument"
            case ast.Import(names=names) if any(alias.name in ("time", "random") for alias in names):
                yield node.lineno, "time and dice are arguments"
            case ast.ImportFrom(module="time" | "random" | "secrets"):
                yield node.lineno, "time and dice are arguments"
            case ast.ImportFrom(module="uuid", names=names) if any(alias.name != "UUID" for alias in names):
                yield node.lineno, "ids are derived, by shared.ids"
            case ast.Name(id="Any"):
                yield node.lineno, "Any: a rule knows what it judges"
            case ast.Call(func=ast.Name(id="open" | "print" | "input")):
                yield node.lineno, f"{ast.unparse(node.func)}: a rule touches nothing outside"
            case ast.AsyncFunctionDef() | ast.Await():
                yield node.lineno, "async: a rule waits for nobody"
            case ast.Global():
                yield node.lineno, "global: a rule remembers nothing"


def missing_rooms(root: Path) -> list[str]:
    """What a service lacks of the rooms that every service has."""
    return [
        f"services/{service}: no {room}"
        for service in SERVICES
        for room in ROOMS
        if not any((root / "services" / service / one).exists() for one in room.split("|"))
    ]


def unlike(root: Path) -> list[str]:
    """READMEs of services that do not say the same things in the same order (each may say more in between)."""
    found = []
    for service in SERVICES:
        path = root / "services" / service / "README.md"
        text = path.read_text() if path.exists() else ""
        said = [line.split()[1] for line in text.splitlines() if line.startswith("## ") and len(line.split()) > 1]
        in_order = iter(said)
        found += [f"services/{service}: README.md has no {one} here" for one in README_SAYS if one not in in_order]
    return found
