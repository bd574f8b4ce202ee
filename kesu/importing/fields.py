"""Turns a mapping's fields into functions over a row's values."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from kesu.importing.findings import Note, RowRefused
from kesu.importing.mapping import COLUMN, Field
from kesu.importing.moments import Moments, reader_of

Values: TypeAlias = Sequence[str]
Read: TypeAlias = Callable[[Values, list[Note]], object]
_EDGES: Final = " /-,;|"
_CURRENCY: Final = re.compile(r"[¥￥$€£,\s元]")
WHOLE_MAX: Final = 10**12


def compiled(written: Field, header: Mapping[str, int], *, swapped: bool = False) -> Read:
    """The field's function: its value, or an empty string where the row has none. `header` gives columns their places."""
    said = text_of(written.template, header)
    read = _reading(written, swapped=swapped)
    expect = re.compile(written.expect).fullmatch if written.expect else None
    columns, default, optional = written.columns, written.default, written.optional
    if read is None and expect is None and not default:
        return lambda values, _: said(values)

    def value(values: Values, notes: list[Note]) -> object:
        text = said(values) or default
        if not text:
            return ""
        if expect and not expect(text):
            notes.append(Note("odd_value", columns))
        if read is None:
            return text
        try:
            return read(text)
        except RowRefused:
            if not optional:
                raise
            notes.append(Note("left_out", columns))
            return ""

    return value


def text_of(template: str, header: Mapping[str, int]) -> Callable[[Values], str]:
    """The function that fills a template from a row; empty where all its columns are."""
    pieces = COLUMN.split(template)
    if len(pieces) == 1:
        return lambda _: template
    places = [header[column] for column in pieces[1::2]]
    if len(places) == 1 and not pieces[0] and not pieces[2]:
        place = places[0]
        return lambda values: values[place].strip()
    words = pieces[0::2]

    def filled(values: Values) -> str:
        found = [values[place].strip() for place in places]
        if not any(found):
            return ""
        said = words[0] + "".join(value + word for value, word in zip(found, words[1:], strict=True))
        return said if all(found) else said.strip(_EDGES)

    return filled


def _reading(written: Field, *, swapped: bool) -> Callable[[str], object] | None:
    columns = written.columns
    if written.times or written.dates:
        forms = written.times or written.dates
        moments = Moments(forms, zone=written.zone, columns=columns, swapped=swapped)
        return reader_of(moments, dates=bool(written.dates))
    if written.values is not None:
        return _listed(written.values, written.otherwise, columns)
    if written.as_ == "whole":
        return lambda text: int(_number(text, columns))
    if written.as_ == "minor_units":
        return lambda text: int((_number(text, columns) * 100).to_integral_value())
    if written.as_ == "yes_no":
        return _yes_no(written.yes)
    if written.as_ == "list":
        separator = written.separator
        return lambda text: tuple(part.strip() for part in text.split(separator) if part.strip())
    return None


def _listed(table: Mapping[str, str], otherwise: str | None, columns: tuple[str, ...]) -> Callable[[str], object]:
    def listed(text: str) -> object:
        found = table.get(text, otherwise)
        if found is None:
            raise RowRefused("value_unknown", columns)
        return found

    return listed


def _yes_no(words: tuple[str, ...]) -> Callable[[str], object]:
    yes = frozenset(word.casefold() for word in words)
    return lambda text: text.casefold() in yes


def _number(text: str, columns: tuple[str, ...]) -> Decimal:
    try:
        number = Decimal(_CURRENCY.sub("", text))
    except InvalidOperation:
        raise RowRefused("not_a_number", columns) from None
    if not number.is_finite() or abs(number) > WHOLE_MAX:
        raise RowRefused("not_a_number", columns)
    return number
