"""A row as it is read: what is judged of it, whatever the file's format. Any other field (a label, say) is passed over."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from kesu.assessing.errors import RowUnusable
from shared.events.intake import KeyFacts, Stated

Id: TypeAlias = str | int
COLUMNS: Final = ("id", "text")
_GROUPS: Final = ("customer", "stated", "key_facts")
_PATH: Final = re.compile(r" - at `\$\.?([^`]*)`")


class Customer(Struct, frozen=True, kw_only=True):
    """Who complains, as far as a judgement asks: the same name is the same person, the tier counts."""

    id: Id | None = None
    account: Id | None = None
    phone: Id | None = None
    handle: Id | None = None
    tier: str | None = None

    @property
    def name(self) -> str:
        """What tells this customer from others; empty where nothing does."""
        return next((str(one) for one in (self.account, self.phone, self.handle, self.id) if one), "")


class InputRow(Struct, frozen=True, kw_only=True):
    """A row to be judged. `stated` is what the agent who took it stated: only there, so that labels are never read."""

    id: Id | None = None
    text: str | None = None
    channel: str | None = None
    created_at: str | int | float | None = None
    time_zone: str | None = None
    lang: str | None = None
    customer: Id | Customer | None = None
    stated: Stated | None = None
    key_facts: KeyFacts | None = None


Read: TypeAlias = Callable[[Sequence[str]], InputRow]


class _Named(Struct, frozen=True):
    """What is left of a row that does not fit: its name."""

    id: Id | None = None


_decode: Final = msgspec.json.Decoder(InputRow).decode
_named: Final = msgspec.json.Decoder(_Named).decode


def read_json(values: Sequence[str]) -> InputRow:
    """The row in a line of JSON; raises RowUnusable."""
    try:
        return _decode(values[0])
    except msgspec.ValidationError as error:
        raise _unfit(error) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise RowUnusable("not_json") from None


def id_in(line: str) -> Id | None:
    """The id of a line of JSON that does not fit otherwise, None where it has none."""
    try:
        return _named(line).id
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None


def csv_reader(header: Mapping[str, int]) -> Read:
    """How rows of a CSV file are read: a column `stated.emotion` is the field `emotion` of `stated`; empty is not there."""
    plain = [(name, place) for name, place in header.items() if name in InputRow.__struct_fields__]
    parts = [(name.partition("."), place) for name, place in header.items()]
    grouped = [(group, name, place) for (group, _, name), place in parts if name and group in _GROUPS]

    def read(values: Sequence[str]) -> InputRow:
        written: dict[str, object] = {name: values[place] for name, place in plain if values[place].strip()}
        for group, name, place in grouped:
            if said := values[place].strip():
                fields = written.setdefault(group, {})
                if isinstance(fields, dict):  # else the column `customer` itself names the customer
                    fields[name] = said.split("|") if name == "demands" else said
        try:
            return msgspec.convert(written, InputRow, strict=False)
        except msgspec.ValidationError as error:
            raise _unfit(error) from None

    return read


def _unfit(error: msgspec.ValidationError) -> RowUnusable:
    """Where in the row it is (`stated.emotion`), without the value."""
    path = _PATH.search(str(error))
    return RowUnusable("value_not_valid", path[1]) if path else RowUnusable("not_json")
