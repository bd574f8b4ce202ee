"""Rows of a CSV file: its header found, its stray quotes mended; a faulty row is named and the next one read."""

import csv
from collections.abc import Iterator, Sequence
from typing import Final

from kesu.importing.errors import CannotImport
from kesu.importing.lines import Line, Lines
from kesu.importing.rows import BadRow, Row, bad

DELIMITERS: Final = (",", "\t", ";", "|")
HEADER_LINES_MAX: Final = 20
_MARKERS: Final = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")


class CsvRows:
    """Rows of a CSV file. The header is the first of the leading lines that has all the columns needed.

    A quote that is opened and never closed would swallow good rows: then its line alone is refused, and the lines
    after it are read again.
    """

    def __init__(self, lines: Lines, columns: Sequence[str]) -> None:
        self._lines = lines
        self._taken: list[Line] = []
        self._ended = False
        self.before: list[BadRow] = []
        self._delimiter, self._names = self._find_header(columns)
        self.header = {name: place for place, name in reversed(list(enumerate(self._names)))}

    def go_on_from(self, *, offset: int, line: int) -> None:
        self._lines.seek(offset=offset, line=line)

    def __iter__(self) -> Iterator[Row | BadRow]:
        reader = csv.reader(self._texts(), delimiter=self._delimiter)
        while True:
            self._taken = []
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield self._first_alone(self._unreadable())
                reader = csv.reader(self._texts(), delimiter=self._delimiter)
                continue
            fault = self._fault(values)
            if not fault and values:
                yield Row(self._taken[0].number, self._taken[-1].number, self._taken[-1].end, values)
            elif fault:
                yield self._first_alone(fault)
                reader = csv.reader(self._texts(), delimiter=self._delimiter)

    def _texts(self) -> Iterator[str]:
        """The lines for the CSV reader, remembered until the row is complete."""
        while line := self._lines.next():
            self._taken.append(line)
            if line.fault:
                yield "\n"  # its own row, which the fault refuses
            else:
                yield line.text
        self._ended = True

    def _fault(self, values: list[str]) -> str:
        """Why the row just taken cannot be used, or nothing."""
        for line in self._taken:
            if line.fault:
                return line.fault
        if self._ended:  # the reader asked for more while a quote was open
            return "quote_open"
        if len(self._taken) > 1 and not self._strictly_quoted():
            return "quote_open"
        if not values or len(values) == len(self._names):
            return "header_repeated" if values == self._names else ""
        return "merge_marker" if self._taken[0].text.startswith(_MARKERS) else "columns_differ"

    def _strictly_quoted(self) -> bool:
        """Whether a row of several lines is quoted by the book: else two stray quotes may have swallowed what is between."""
        try:
            for _ in csv.reader([line.text for line in self._taken], delimiter=self._delimiter, strict=True):
                pass
        except csv.Error:
            return False
        return True

    def _unreadable(self) -> str:
        """Why the CSV reader gave up on the row just taken."""
        if any("\r" in line.text.rstrip("\r\n") for line in self._taken):
            return "bare_return"
        return "quote_open" if len(self._taken) > 1 else "line_too_long"

    def _first_alone(self, code: str) -> BadRow:
        """Refuse the first line of the row alone and have the others read again."""
        first, *others = self._taken
        self._lines.hand_back(others)
        self._ended = False
        if others and code == "columns_differ":
            code = "quote_open"
        return bad(first, first.fault or code)

    def _find_header(self, columns: Sequence[str]) -> tuple[str, list[str]]:
        missing = list(columns)  # from the leading line that comes nearest
        while len(self.before) < HEADER_LINES_MAX and (line := self._lines.next()):
            for delimiter in DELIMITERS:
                names = _fields(line.text, delimiter)
                lacking = [column for column in columns if column not in names]
                if not lacking:
                    return delimiter, names
                missing = min(missing, lacking, key=len)
            code = "merge_marker" if line.text.startswith(_MARKERS) else line.fault or "before_header"
            self.before.append(bad(line, code))
        raise CannotImport(
            "header_missing",
            zh=f"前 {HEADER_LINES_MAX} 行里没有含映射全部列的表头；缺：{'、'.join(missing)}",
            en=f"none of the first {HEADER_LINES_MAX} lines is a header with all columns of the mapping; missing: {', '.join(missing)}",
        )


def _fields(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return []
