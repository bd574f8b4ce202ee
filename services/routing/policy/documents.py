"""The files of a pack, inheritance applied, turned into the rows that tables ask for: an error names file and row."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.inherit import merged
from services.routing.policy.source import PackSource

T = TypeVar("T")


class Documents(Struct, frozen=True):
    """`trees` is the YAML by path without suffix, `members` the other files (of the learned layer) by path."""

    trees: dict[str, object]
    members: dict[str, bytes]

    def named(self, prefix: str) -> Iterator[str]:
        """The names of the YAML files that begin with `prefix`."""
        return (name for name in self.trees if name.startswith(prefix))

    def one(self, name: str, type_: type[T]) -> T:
        """File `name` as a whole; raises PackError where it is missing or does not fit."""
        try:
            return msgspec.convert(self._tree(name), type_)
        except msgspec.ValidationError as error:
            raise PackError(table=name, row="-", zh=f"取值无效：{error}", en=str(error)) from error

    def many(self, name: str, type_: type[T]) -> Sequence[T]:
        """The rows of file `name`, converted one by one so that an error names its row."""
        parsed = self._tree(name)
        if not isinstance(parsed, list):
            raise PackError(table=name, row="-", zh="应为行的列表", en="must be a list of rows")
        found: list[T] = []
        for number, row in enumerate(parsed, start=1):
            label = str(row.get("id", number)) if isinstance(row, dict) else str(number)
            try:
                found.append(msgspec.convert(row, type_))
            except msgspec.ValidationError as error:
                raise PackError(table=name, row=label, zh=f"取值无效：{error}", en=str(error)) from error
        return found

    def _tree(self, name: str) -> object:
        try:
            return self.trees[name]
        except KeyError:
            raise PackError(table=name, row="-", zh="缺少该文件", en="the file is missing") from None


def documents_of(source: PackSource) -> Documents:
    """The documents of a pack; raises PackError."""
    return Documents(*merged(source))
