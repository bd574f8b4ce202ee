"""The rows of a file or of standard input, whether NDJSON or CSV: its name or else its first line says which."""

import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from kesu.assessing.rows import COLUMNS, Read, csv_reader, read_json
from kesu.importing.csv_rows import CsvRows
from kesu.importing.errors import CannotImport
from kesu.importing.lines import Lines, Source
from kesu.importing.ndjson_rows import NdjsonRows
from kesu.importing.rows import BadRow, Row, Rows

STANDARD_INPUT: Final = "-"
_GZIP: Final = b"\x1f\x8b"
_IS_JSON: Final = {".ndjson": True, ".jsonl": True, ".csv": False, ".tsv": False}


class Arriving(Source):
    """A stream that cannot be gone back in: its lines are read as they come, and nothing of it is looked at before."""

    def __init__(self, stream: BinaryIO, *, encoding: str) -> None:
        self.encoding = encoding
        self._file = io.BufferedReader(stream) if isinstance(stream, io.BytesIO) else cast("io.BufferedReader", stream)
        packed = self._file.peek(2).startswith(_GZIP)
        self.raw = cast("BinaryIO", gzip.GzipFile(fileobj=self._file) if packed else self._file)

    @property
    def read_bytes(self) -> int:
        return 0

    def rewind(self) -> None:
        """It stands at its beginning already."""


class Opened:
    """Rows in the order of the file, with the function that reads one. Raises CannotImport where there can be none."""

    def __init__(self, name: str, *, encoding: str) -> None:
        if name == STANDARD_INPUT:
            self.source: Source = Arriving(sys.stdin.buffer, encoding=encoding)
        else:
            self.source = Source(Path(name), encoding=encoding)
        try:
            lines = Lines(self.source)
            by_name = _is_json_by_name(name)
            self.is_json = _begins_as_json(lines) if by_name is None else by_name
            self._rows: Rows = NdjsonRows(lines, ()) if self.is_json else CsvRows(lines, COLUMNS)
        except CannotImport:
            self.source.close()
            raise
        self.read: Read = read_json if self.is_json else csv_reader(self._rows.header)

    def __iter__(self) -> Iterator[Row | BadRow]:
        yield from self._rows.before
        yield from self._rows

    def id_of(self, row: Row) -> str:
        """What a CSV row has for an id, as written."""
        return row.values[self._rows.header["id"]]


def _is_json_by_name(name: str) -> bool | None:
    """What a file's name says it holds; None where it says nothing."""
    suffixes = [one.lower() for one in Path(name).suffixes if one.lower() != ".gz"]
    return _IS_JSON.get(suffixes[-1]) if suffixes else None


def _begins_as_json(lines: Lines) -> bool:
    """Whether the first line that is not empty begins an object; nothing is taken from `lines`."""
    taken = []
    try:
        while line := lines.next():
            taken.append(line)
            if text := line.text.strip():
                return text.startswith("{")
        return True  # an empty file has no rows, whatever it is
    finally:
        lines.hand_back(taken)
