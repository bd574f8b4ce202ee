"""A row of a file, readable or not, whatever the file's format."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from kesu.importing.findings import Refusal
from kesu.importing.lines import Line


class Row(Struct, frozen=True, gc=False):
    """One row that can be read. `line` is where it begins, `end` and `last_line` where the next one goes on."""

    line: int
    last_line: int
    end: int
    values: Sequence[str]


class BadRow(Struct, frozen=True):
    """One row that cannot be read."""

    line: int
    last_line: int
    end: int
    refusal: Refusal


class Rows(Protocol):
    """Rows of one file from where its lines begin; `header` gives each column its place in a row's values."""

    header: dict[str, int]
    before: list[BadRow]

    def go_on_from(self, *, offset: int, line: int) -> None:
        """Go on behind byte `offset`, where line number `line` ended: what an earlier run has sent is passed over."""
        ...

    def __iter__(self) -> Iterator[Row | BadRow]: ...


def bad(line: Line, code: str) -> BadRow:
    """The row that is this line, refused."""
    return BadRow(line.number, line.number, line.end, Refusal(code))
