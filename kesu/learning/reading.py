"""The file that is learned from: the rows of `kesu assess`, with their labels beside the text."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from kesu.assessing.cases import Cases
from kesu.assessing.errors import RowUnusable, texts_of
from kesu.assessing.opened import Opened
from kesu.importing.rows import BadRow, Row
from kesu.learning.examples import Example, Labels

LABELS_MISSING: Final = "labels_missing"
LABEL_NOT_VALID: Final = "label_not_valid"
_OWN: Final[dict[str, tuple[str, str]]] = {
    LABELS_MISSING: ("没有可学习的标注", "no label to learn from"),
    LABEL_NOT_VALID: ("标注的取值不认识", "a label with a value that is not known"),
}
_LISTS: Final = frozenset({"also", "demands"})  # in a CSV file written "a|b"
_TRUTH: Final = {"是": True, "否": False, "yes": True, "no": False}


class Found(Struct, frozen=True):
    """What a file holds: the examples in order, and how many rows were left out, by code (see `reason`)."""

    examples: list[Example]
    left_out: Counter[str]


def reason(code: str) -> tuple[str, str]:
    """What `code` means, in Chinese and English."""
    return _OWN[code] if code in _OWN else texts_of(code)


class LabelledFile(Opened):
    """A file with labels. Raises CannotImport where it cannot be read at all."""

    def find(self, cases: Cases) -> Found:
        """Every row that teaches something."""
        examples: list[Example] = []
        left_out: Counter[str] = Counter()
        for number, row in enumerate(self, start=1):
            try:
                examples.append(self._example(row, cases, number))
            except RowUnusable as error:
                left_out[error.code] += 1
        return Found(examples, left_out)

    def _example(self, row: Row | BadRow, cases: Cases, number: int) -> Example:
        if isinstance(row, BadRow):
            raise RowUnusable(row.refusal.code)
        case = cases.case(self.read(row.values), number=number)
        labels = labels_in_json(row.values[0]) if self.is_json else labels_in_csv(row.values, self._rows.header)
        if not labels.teach:
            raise RowUnusable(LABELS_MISSING)
        return Example(case, labels)


_decode: Final = msgspec.json.Decoder(Labels).decode


def labels_in_json(line: str) -> Labels:
    """The labels in a line of JSON, whose other fields are passed over; raises RowUnusable."""
    try:
        return _decode(line)
    except msgspec.DecodeError:
        raise RowUnusable(LABEL_NOT_VALID) from None


def labels_in_csv(values: Sequence[str], header: Mapping[str, int]) -> Labels:
    """The labels in the columns of their names, empty where there is none; raises RowUnusable."""
    written: dict[str, object] = {}
    for name in Labels.__struct_fields__:
        if name in header and (said := values[header[name]].strip()):
            written[name] = said.split("|") if name in _LISTS else _TRUTH.get(said.lower(), said)
    try:
        return msgspec.convert(written, Labels, strict=False)
    except msgspec.ValidationError:
        raise RowUnusable(LABEL_NOT_VALID) from None
