"""Inheritance: a company's or tenant's pack laid on the pack it extends; rows by their id, words added and removed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, TypeAlias, cast

from services.routing.policy.errors import PackError
from services.routing.policy.source import LEARNED, PackSource
from services.routing.policy.yaml_files import parse_yaml

Trees: TypeAlias = dict[str, object]
Tree: TypeAlias = dict[object, object]
_LEXICONS: Final = "lexicons/"
_PLACES: Final = ("before", "after")


def merged(source: PackSource) -> tuple[Trees, dict[str, bytes]]:
    """The YAML of all layers as one, by path without suffix, and the other members as they are; raises PackError."""
    trees: Trees = {}
    others: dict[str, bytes] = {}
    for number, files in enumerate(source.layers):
        if number:
            _leave_out(trees, files)
        for path, body in files.items():
            if not path.endswith(".yaml"):
                others[path] = body
                continue
            name = path.removesuffix(".yaml")
            tree = parse_yaml(name, body)
            if number == 0:
                trees[name] = tree
            elif name.startswith(_LEXICONS):
                _words(trees, name, tree)
            else:
                trees[name] = _laid(name, trees.get(name), tree)
    settings = trees.get("pack")
    if isinstance(settings, dict):
        settings.pop("extends", None)
        settings.pop("leave_out", None)
    return trees, {name: body for name, body in others.items() if name.startswith(LEARNED)}


def _leave_out(trees: Trees, files: Mapping[str, bytes]) -> None:
    """Take away whole files that a pack does not want to inherit (`leave_out` of its pack.yaml; * stands for anything)."""
    settings = parse_yaml("pack", files.get("pack.yaml", b""))
    unwanted = settings.get("leave_out", []) if isinstance(settings, dict) else []
    if not isinstance(unwanted, list):
        raise PackError(table="pack", row="leave_out", zh="应为文件名的列表", en="must be a list of files")
    for pattern in map(str, unwanted):
        names = [name for name in trees if fnmatchcase(name, pattern) and name != "pack"]
        if not names:
            raise PackError(
                table="pack", row="leave_out", zh=f"没有继承文件 {pattern!r}", en=f"no file {pattern!r} is inherited"
            )
        for name in names:
            del trees[name]


def _laid(name: str, base: object, over: object) -> object:
    """`over` laid on `base`: mappings key by key (null takes a key away), rows by id, anything else in its place."""
    if over is None:
        return base
    if isinstance(over, list) and (base is None or _are_rows(base)) and _are_rows(over):
        return _rows(name, cast("list[Tree]", base or []), over)
    if isinstance(over, dict) and isinstance(base, dict):
        laid = dict(base)
        for key, value in over.items():
            if value is None:
                laid.pop(key, None)
            else:
                laid[key] = _laid(name, laid.get(key), value) if isinstance(value, dict) else value
        return laid
    return over


def _are_rows(tree: object) -> bool:
    return isinstance(tree, list) and all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in tree)


def _rows(table: str, base: Sequence[Tree], over: Sequence[Tree]) -> list[Tree]:
    """Rows of the same id take the place of inherited ones, `remove: true` takes one away.

    New rows stand before `before`, after `after`, or else before everything inherited: a company's own row decides first.
    """
    rows = list(base)
    front = 0
    if twice := [id_ for id_, count in Counter(row["id"] for row in over).items() if count > 1]:
        raise PackError(table=table, row=str(twice[0]), zh="编号已被使用", en="this id is already used")
    for row in over:
        place, new = _place(table, row), {key: value for key, value in row.items() if key not in (*_PLACES, "remove")}
        here = _index(rows, row["id"])
        if row.get("remove"):
            if here is None:
                raise _unknown(table, str(row["id"]), row["id"])
            del rows[here]
            front -= here < front
            continue
        if here is not None and place is None:
            rows[here] = new
            continue
        if here is not None:
            del rows[here]
            front -= here < front
        if place is None:
            rows.insert(front, new)
            front += 1
        else:
            side, other = place
            beside = _index(rows, other)
            if beside is None:
                raise _unknown(table, str(row["id"]), other)
            at = beside + (side == "after")
            rows.insert(at, new)
            front += at < front
    return rows


def _place(table: str, row: Mapping[object, object]) -> tuple[str, object] | None:
    named = [(side, row[side]) for side in _PLACES if side in row]
    if len(named) > 1:
        raise PackError(
            table=table, row=str(row["id"]), zh="before 与 after 只能写一个", en="both before and after are given"
        )
    return named[0] if named else None


def _index(rows: Sequence[Mapping[object, object]], id_: object) -> int | None:
    return next((number for number, row in enumerate(rows) if row["id"] == id_), None)


def _unknown(table: str, row: str, other: object) -> PackError:
    return PackError(
        table=table, row=row, zh=f"继承的表中没有行 {other!r}", en=f"no row {other!r} in the table that is inherited"
    )


def _words(trees: Trees, name: str, over: object) -> None:
    """Lay a word list on those inherited: `name: [words]` adds, `name: {add: […], remove: […]}` takes words away too."""
    if not isinstance(over, dict):
        raise PackError(table=name, row="-", zh="应为“信号: 词表”", en="must map signals to words")
    kind = name.split(".", maxsplit=1)[0]  # signals, topics, marks: words may stand in several files of a kind
    inherited = [tree for other, tree in trees.items() if other.split(".")[0] == kind and isinstance(tree, dict)]
    own = trees.setdefault(name, {})
    assert isinstance(own, dict)
    for signal, change in over.items():
        add, remove = _change(name, str(signal), change)
        for word in remove:
            holding = [tree[signal] for tree in inherited if word in (tree.get(signal) or ())]
            if not holding:
                raise PackError(
                    table=name, row=str(signal), zh=f"继承的词表中没有 {word!r}", en=f"{word!r} is not inherited"
                )
            for words in holding:
                words.remove(word)
        own[signal] = [*(own.get(signal) or ()), *add]


def _change(name: str, signal: str, change: object) -> tuple[list[object], list[object]]:
    if isinstance(change, list):
        return change, []
    if isinstance(change, dict) and set(change) <= {"add", "remove"}:
        add, remove = change.get("add") or [], change.get("remove") or []
        if isinstance(add, list) and isinstance(remove, list):
            return add, remove
    raise PackError(
        table=name,
        row=signal,
        zh="应为词表，或 add 与 remove 两个词表",
        en="must be words, or lists under add and remove",
    )
