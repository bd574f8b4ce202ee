"""Finds the numbered SQL files of each schema and presents them to Alembic as revisions, one branch per schema."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

import msgspec
from alembic import op
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionMap
from sqlalchemy.util import await_only

_ROOT: Final = Path(__file__).parents[2]  # of our packages: the checkout, or where they are installed
# Schema → the folder its SQL files lie in. A service's tables belong to the service's role.
FOLDERS: Final[dict[str, Path]] = {
    "vault": _ROOT / "shared" / "vault_migrations",
    "intake": _ROOT / "services" / "intake" / "migrations",
    "routing": _ROOT / "services" / "routing" / "migrations",
    "followup": _ROOT / "services" / "followup" / "migrations",
    "reporting": _ROOT / "services" / "reporting" / "migrations",
}
OWNERS: Final[dict[str, str]] = {schema: "kesu_admin" if schema == "vault" else f"kesu_{schema}" for schema in FOLDERS}
LOCK_TIMEOUT_S: Final = 5
_NAME: Final = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class Migration(msgspec.Struct, frozen=True):
    """One SQL file: `number` counts from 1 within its schema."""

    schema: str
    number: int
    file: Path

    @property
    def revision(self) -> str:
        """Its name in Alembic's table: `routing_0001`."""
        return f"{self.schema}_{self.number:04}"


class BadNumbering(Exception):
    """A file is not named `NNNN_name.sql`, or a number is missing or given twice."""


def find(by_schema: Mapping[str, Path]) -> list[Migration]:
    """All migrations, in order within each schema; raises BadNumbering."""
    return [migration for schema, folder in by_schema.items() for migration in _of_schema(schema, folder)]


def script_directory(migrations: Sequence[Migration]) -> ScriptDirectory:
    """Alembic's view of `migrations`: the same as if each had a Python file of its own."""
    directory = ScriptDirectory(str(Path(__file__).parent))
    scripts = [_script(migration) for migration in migrations]
    directory.revision_map = RevisionMap(lambda: scripts)
    return directory


def _of_schema(schema: str, folder: Path) -> Iterator[Migration]:
    for expected, file in enumerate(sorted(folder.glob("*.sql")), start=1):
        named = _NAME.fullmatch(file.name)
        if named is None or int(named[1]) != expected:
            raise BadNumbering(f"{file}: expected {expected:04}_name.sql")
        yield Migration(schema, expected, file)


def _script(migration: Migration) -> Script:
    module = ModuleType(migration.revision, migration.file.stem)
    module.__dict__.update(
        revision=migration.revision,
        down_revision=None if migration.number == 1 else f"{migration.schema}_{migration.number - 1:04}",
        branch_labels=migration.schema if migration.number == 1 else None,
        depends_on=None,
        upgrade=lambda: _apply(migration),
    )
    return Script(module, migration.revision, str(migration.file))


def _apply(migration: Migration) -> None:
    """Run the file as its schema's owner, giving up where a lock is not to be had: nobody may queue up behind us."""
    op.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'")
    op.execute(f"SET LOCAL ROLE {OWNERS[migration.schema]}")
    raw = op.get_bind().connection.driver_connection
    assert raw is not None
    await_only(raw.execute(migration.file.read_text()))  # the driver's own call takes many statements at once
    op.execute("RESET ROLE")
