"""What a pack says itself, beside what it inherits."""

from collections.abc import Iterator
from typing import Final

from services.routing.policy.pack import Pack
from services.routing.policy.yaml_files import parse_yaml

_LEXICONS: Final = "lexicons/"


def own_rows(pack: Pack) -> frozenset[str]:
    """The rows that the pack's own files name, as `table/row`."""
    return frozenset(
        f"{name.rpartition('/')[2]}/{row['id']}"
        for name, tree in _own_trees(pack)
        if isinstance(tree, list)
        for row in tree
        if isinstance(row, dict) and "id" in row
    )


def own_signals(pack: Pack) -> frozenset[str]:
    """The signals that the pack's own word lists name."""
    return frozenset(
        str(signal)
        for name, tree in _own_trees(pack)
        if name.startswith(_LEXICONS) and isinstance(tree, dict)
        for signal in tree
    )


def _own_trees(pack: Pack) -> Iterator[tuple[str, object]]:
    for path, body in pack.source.layers[-1].items():
        if path.endswith(".yaml"):
            name = path.removesuffix(".yaml")
            yield name, parse_yaml(name, body)
