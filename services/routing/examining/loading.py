"""Everything that keeps a pack from loading, file by file and row by row: `build_pack` stops at the first."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import get_args, get_type_hints

from services.routing.policy import rows
from services.routing.policy.documents import Documents, documents_of
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack, build_pack, lexicon_of
from services.routing.policy.source import PackSource
from services.routing.policy.tables import Compiler


def try_loading(source: PackSource) -> tuple[Pack | None, list[PackError]]:
    """The pack, or the reasons why there is none: the first that loading meets, and what is wrong with other rows."""
    try:
        return build_pack(source), []
    except PackError as first:
        found = [first]
    with suppress(PackError):  # the first reason says it
        _look_on(documents_of(source), found)
    unique = {(one.table.rpartition("/")[2], one.row): one for one in reversed(found)}
    return None, list(reversed(unique.values()))


def _look_on(files: Documents, found: list[PackError]) -> None:
    """Whatever can be looked at on its own; the words are needed for most of it."""
    with _noted(found):
        files.one("pack", rows.Settings)
    with _noted(found):
        files.one("points", rows.Points)
    for one in _row_by_row(files, "causes"):
        with _noted(found):
            one.many("causes", rows.CauseRow)
    signals = lexicon_of(files).signals
    for name, annotation in get_type_hints(rows.Tables).items():
        (row_type,) = get_args(annotation)
        for one in _row_by_row(files, f"tables/{name}"):
            with _noted(found):
                Compiler(signals).table(name, one.many(f"tables/{name}", row_type))


def _row_by_row(files: Documents, name: str) -> Iterator[Documents]:
    """The file `name` once per row, each with that row alone."""
    tree = files.trees.get(name)
    return (Documents({name: [row]}, {}) for row in (tree if isinstance(tree, list) else ()))


@contextmanager
def _noted(found: list[PackError]) -> Iterator[None]:
    try:
        yield
    except PackError as error:
        found.append(error)
