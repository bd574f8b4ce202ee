"""A mapping says how the columns of a file become a complaint submission: a small table, read from YAML."""

import re
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from shared.events.intake import KeyFacts, Stated
from shared.events.submissions import ComplaintSubmission, Customer

_GROUPS: Final[dict[str, type[Struct]]] = {"customer": Customer, "key_facts": KeyFacts, "stated": Stated}
TYPES: Final[dict[str, object]] = {
    one.name: one.type for one in msgspec.structs.fields(ComplaintSubmission) if one.name not in _GROUPS
} | {f"{group}.{one.name}": one.type for group, struct in _GROUPS.items() for one in msgspec.structs.fields(struct)}
NEEDED: Final = ("source_id", "channel", "text")
KNOWN_BY: Final = ("customer.account", "customer.phone", "customer.handle")
COLUMN: Final = re.compile(r"\{([^{}]+)\}")


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One value of the submission: a template over columns, and how its text is to be read."""

    template: str = field(name="from")
    values: dict[str, str] | None = None
    otherwise: str | None = None
    times: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    zone: str = ""
    as_: Literal["text", "whole", "minor_units", "yes_no", "list"] = field(default="text", name="as")
    separator: str = "|"
    yes: tuple[str, ...] = ("yes", "y", "true", "1", "是")
    default: str = ""
    expect: str = ""
    optional: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the template names."""
        return tuple(dict.fromkeys(COLUMN.findall(self.template)))


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping as written. `as_is` takes NDJSON lines that are complaint submissions already."""

    about: dict[Literal["zh", "en"], str]
    format: Literal["csv", "ndjson"] = "csv"
    encoding: Literal["utf-8", "gb18030", "windows-1252"] = "utf-8"
    as_is: bool = False
    source: Annotated[str, Meta(min_length=1, max_length=200)] = ""
    tenant: str = ""
    when_swapped: Literal["stop", "repair", "keep"] = "stop"
    fields: dict[str, Field | str | int | bool] = {}

    def field(self, name: str) -> Field:
        """The field of that name; a bare value is a template."""
        written = self.fields[name]
        if isinstance(written, Field):
            return written
        return Field(template=str(written).lower() if isinstance(written, bool) else str(written))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns the mapping needs, in the order of their first use."""
        return tuple(dict.fromkeys(column for name in self.fields for column in self.field(name).columns))
