"""A file as lines: plain or gzip, in its encoding, each with its number and the byte where it ends."""

import gzip
from pathlib import Path
from typing import BinaryIO, Final, cast

from msgspec import Struct

from kesu.importing.errors import CannotImport

BOM: Final = b"\xef\xbb\xbf"
LINE_BYTES_MAX: Final = 2_000_000
_SAMPLE_BYTES: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"
_TWO_BYTE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


class Line(Struct, frozen=True, gc=False):
    """One line. `start` and `end` are byte offsets in the unpacked file; `fault` is a refusal's code or empty."""

    number: int
    start: int
    end: int
    text: str
    fault: str = ""


class Source:
    """An open file; `read_bytes` is how far the file itself is read (packed bytes, for a progress bar)."""

    def __init__(self, path: Path, *, encoding: str = "utf-8") -> None:
        self.encoding = encoding
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise CannotImport(
                "file_unreadable", zh=f"打不开文件 {path}：{error.strerror}", en=f"cannot open {path}: {error.strerror}"
            ) from None
        packed = self._file.read(2) == _GZIP
        self._file.seek(0)
        self.raw = cast("BinaryIO", gzip.GzipFile(fileobj=self._file) if packed else self._file)
        _check_encoding(self.raw, encoding)
        self.raw.seek(0)

    @property
    def read_bytes(self) -> int:
        return self._file.tell()

    def rewind(self) -> None:
        """Back to the first byte."""
        self.raw.seek(0)

    def close(self) -> None:
        """Close it."""
        self.raw.close()
        self._file.close()


class Lines:
    """The lines of a source. Lines handed back are read again; byte order marks are taken off and counted."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._again: list[Line] = []
        self._offset = 0
        self._number = 0
        self.marks_inside = 0
        source.rewind()

    def seek(self, *, offset: int, line: int) -> None:
        """Go on at byte `offset`, behind line number `line`."""
        self._source.raw.seek(offset)
        self._again, self._offset, self._number = [], offset, line

    def next(self) -> Line | None:
        """The next line, None at the end."""
        if self._again:
            return self._again.pop()
        written = _readline(self._source.raw)
        if not written:
            return None
        start = self._offset
        self._offset += len(written)
        self._number += 1
        if len(written) >= LINE_BYTES_MAX and not written.endswith(b"\n"):
            self._offset += _pass_over(self._source.raw)
            return Line(self._number, start, self._offset, "", "line_too_long")
        if written.startswith(BOM):
            self.marks_inside += self._number > 1
            written = written[3:]
        try:
            return Line(self._number, start, self._offset, written.decode(self._source.encoding))
        except UnicodeDecodeError:
            text = written.decode(self._source.encoding, "replace")
            return Line(self._number, start, self._offset, text, "not_decodable")

    def hand_back(self, lines: list[Line]) -> None:
        """Read these again, in this order, before any other."""
        self._again.extend(reversed(lines))


def _readline(raw: BinaryIO) -> bytes:
    try:
        return raw.readline(LINE_BYTES_MAX)
    except (EOFError, OSError) as error:
        raise CannotImport(
            "file_broken", zh=f"文件在中途损坏：{error}", en=f"the file is broken in the middle: {error}"
        ) from None


def _pass_over(raw: BinaryIO) -> int:
    """Read to the end of an overlong line without keeping it; how many bytes that were."""
    passed = 0
    while piece := _readline(raw):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed


def _check_encoding(raw: BinaryIO, encoding: str) -> None:
    """Stop before the first row where most of what is not ASCII is no text in the encoding the mapping names."""
    try:
        sample = raw.read(_SAMPLE_BYTES)
    except (EOFError, OSError) as error:
        raise CannotImport("file_broken", zh=f"文件损坏：{error}", en=f"the file is broken: {error}") from None
    odd = [line for line in sample.split(b"\n")[:-1] or [sample] if not line.isascii()]
    if sample.startswith(_TWO_BYTE_MARKS) or sum(not _decodes(line, encoding) for line in odd) * 2 > len(odd):
        raise CannotImport(
            "encoding_wrong",
            zh=f"文件不是 {encoding}：在映射里写明 encoding（utf-8、gb18030 或 windows-1252），UTF-16 请先另存为 UTF-8",
            en=f"the file is not {encoding}: name its encoding in the mapping (utf-8, gb18030 or windows-1252); save UTF-16 as UTF-8",
        )


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
