"""Reads a row as a complaint submission, or says why it is none."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from kesu.importing.fields import Read, compiled
from kesu.importing.findings import Note, Refusal, RowRefused
from kesu.importing.mapping import KNOWN_BY, NEEDED, Mapping
from shared.events.submissions import ComplaintSubmission

_PATH: Final = re.compile(r" - at `\$\.?([\w.]*)")
_QUOTED: Final = re.compile(r"'[^']*'|matching regex .*")


class Reading(Struct, frozen=True):
    """A row that became a submission, with what was odd about it."""

    submission: ComplaintSubmission
    notes: Sequence[Note] = ()


class RowReader:
    """Reads the rows of one file. `source` and `tenant` of the command go before those of the mapping."""

    def __init__(
        self, mapping: Mapping, header: dict[str, int], *, name: str, source: str, tenant: str, swapped: bool
    ) -> None:
        self._columns = {field: mapping.field(field).columns for field in mapping.fields}
        self._constant: dict[str, object] = {}
        for given, written, field in ((source, mapping.source or name, "source"), (tenant, mapping.tenant, "tenant")):
            if given or (written and field not in mapping.fields):
                self._constant[field] = given or written
        self._plain: list[tuple[str, Read]] = []
        self._grouped: list[tuple[str, str, Read]] = []
        for field in mapping.fields:
            read = compiled(mapping.field(field), header, swapped=swapped)
            group, _, inside = field.rpartition(".")
            if group:
                self._grouped.append((group, inside, read))
            elif field not in self._constant:
                self._plain.append((field, read))

    def read(self, values: Sequence[str]) -> Reading | Refusal:
        """The submission of a row, or why there is none."""
        notes: list[Note] = []
        try:
            tree = self._tree(values, notes)
            return Reading(msgspec.convert(tree, ComplaintSubmission, strict=False), notes)
        except RowRefused as refused:
            return refused.refusal
        except msgspec.ValidationError as error:
            return self._not_valid(str(error))

    def _tree(self, values: Sequence[str], notes: list[Note]) -> dict[str, object]:
        tree = self._constant.copy()
        for field, read in self._plain:
            if (value := read(values, notes)) != "":
                tree[field] = value
        groups: dict[str, dict[str, object]] = {"customer": {}}
        for group, inside, read in self._grouped:
            if (value := read(values, notes)) != "":
                groups.setdefault(group, {})[inside] = value
        customer = groups["customer"]
        if not ("account" in customer or "phone" in customer or "handle" in customer):
            raise RowRefused("customer_missing", self._columns_of(*KNOWN_BY))
        for field in NEEDED:
            if field not in tree:
                raise RowRefused("empty", self._columns_of(field))
        tree.update(groups)
        return tree

    def _not_valid(self, message: str) -> Refusal:
        path = found[1] if (found := _PATH.search(message)) else ""
        return Refusal("not_valid", self._columns_of(path), without_content(message))

    def _columns_of(self, *fields: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(column for field in fields for column in self._columns.get(field, ())))


class LineReader:
    """Reads NDJSON lines that are complaint submissions already."""

    def __init__(self, *, source: str, tenant: str) -> None:
        self._changes = {name: value for name, value in (("source", source), ("tenant", tenant)) if value}
        self._decode = msgspec.json.Decoder(ComplaintSubmission).decode

    def read(self, values: Sequence[str]) -> Reading | Refusal:
        """The submission of a line, or why there is none."""
        try:
            submission = self._decode(values[0])
        except msgspec.ValidationError as error:
            return Refusal("not_valid", (), without_content(str(error)))
        except (msgspec.DecodeError, RecursionError):
            return Refusal("not_json")
        customer = submission.customer
        if not (customer.account or customer.phone or customer.handle):
            return Refusal("customer_missing")
        return Reading(msgspec.structs.replace(submission, **self._changes) if self._changes else submission)


def without_content(message: str) -> str:
    """A validator's message without the value that it may quote."""
    return _QUOTED.sub("…", message)
