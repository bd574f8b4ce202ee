"""The report of an import: one NDJSON line per refused or odd row, with its place and the reason, never its content."""

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from kesu.importing.errors import CannotImport
from kesu.importing.findings import FILE, NOTES, REFUSED, Note, Refusal

_encode = msgspec.json.Encoder().encode


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the report. `row` counts rows after the header, `line` the lines of the file; both from 1."""

    what: Literal["refused", "note", "file"]
    code: str
    zh: str
    en: str
    row: int = 0
    line: int = 0
    last_line: int = 0
    columns: tuple[str, ...] = ()
    detail: str = ""
    rows: int = 0


class Report:
    """Writes the report; `kept_bytes` of an earlier run stay, what came after them is written again."""

    def __init__(self, path: Path, *, kept_bytes: int = 0) -> None:
        try:
            self._file = path.open("r+b" if kept_bytes and path.exists() else "wb")
        except OSError as error:
            raise CannotImport(
                "report_unwritable",
                zh=f"写不了报告 {path}：{error.strerror}；用 --report 指定别处",
                en=f"cannot write the report {path}: {error.strerror}; name another place with --report",
            ) from None
        self._file.truncate(min(kept_bytes, self._file.seek(0, 2)))
        self._file.seek(0, 2)

    def refused(self, refusal: Refusal, *, row: int, line: int, last_line: int) -> None:
        """A row that was not sent."""
        zh, en = REFUSED[refusal.code]
        self._write(
            Entry(
                what="refused", code=refusal.code, zh=zh, en=en, row=row, line=line,
                last_line=last_line if last_line != line else 0, columns=refusal.columns, detail=refusal.detail,
            )
        )  # fmt: skip

    def noted(self, note: Note, *, row: int, line: int) -> None:
        """Something odd about a row that was sent."""
        zh, en = NOTES[note.code]
        self._write(Entry(what="note", code=note.code, zh=zh, en=en, row=row, line=line, columns=note.columns))

    def found(self, code: str, *, rows: int = 0) -> None:
        """Something about the file as a whole."""
        zh, en = FILE[code]
        self._write(Entry(what="file", code=code, zh=zh, en=en, rows=rows))

    def flushed_bytes(self) -> int:
        """Hand everything to the system; how long the report is."""
        self._file.flush()
        return self._file.tell()

    def close(self) -> None:
        """Close it."""
        self._file.close()

    def _write(self, entry: Entry) -> None:
        self._file.write(_encode(entry) + b"\n")
