"""Rows whose number came before in the same file: named, and not sent again."""

from collections.abc import Sequence
from typing import Final

REMEMBERED_MAX: Final = 400_000  # numbers, some 40 MB; beyond it a repeat is sent, and counts once at intake


class Repeats:
    """Remembers numbers and what their rows said, as hashes."""

    def __init__(self, remembered_max: int = REMEMBERED_MAX) -> None:
        self._rows: dict[int, int] = {}
        self._remembered_max = remembered_max
        self.unchecked_rows = 0

    def code_of(self, source_id: str, values: Sequence[str]) -> str:
        """`repeated_row` or `id_reused` where the number came before, else nothing."""
        said = hash(tuple(values))
        before = self._rows.get(hash(source_id))
        if before is not None:
            return "repeated_row" if before == said else "id_reused"
        if len(self._rows) < self._remembered_max:
            self._rows[hash(source_id)] = said
        else:
            self.unchecked_rows += 1
        return ""
