"""Rows of an NDJSON file: one JSON object a line."""

from collections.abc import Iterator, Sequence

import msgspec

from kesu.importing.lines import Line, Lines
from kesu.importing.rows import BadRow, Row, bad


class NdjsonRows:
    """Rows of an NDJSON file: the mapping's columns are keys, `a.b` one inside another. With no columns the line itself."""

    def __init__(self, lines: Lines, columns: Sequence[str]) -> None:
        self._lines = lines
        self._paths = [column.split(".") for column in columns]
        self.before: list[BadRow] = []
        self.header = {column: place for place, column in enumerate(columns)}
        self._decode = msgspec.json.Decoder(dict[str, object]).decode

    def go_on_from(self, *, offset: int, line: int) -> None:
        self._lines.seek(offset=offset, line=line)

    def __iter__(self) -> Iterator[Row | BadRow]:
        while line := self._lines.next():
            if line.fault:
                yield bad(line, line.fault)
            elif not line.text.strip():
                continue
            elif not self._paths:
                yield Row(line.number, line.number, line.end, (line.text,))
            else:
                yield self._row(line)

    def _row(self, line: Line) -> Row | BadRow:
        try:
            found = self._decode(line.text)
        except (msgspec.DecodeError, RecursionError):
            return bad(line, "not_json")
        return Row(line.number, line.number, line.end, [_said(found, path) for path in self._paths])


def _said(found: object, path: list[str]) -> str:
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    if isinstance(found, str):
        return found
    if found is None:
        return ""
    return msgspec.json.encode(found).decode()
