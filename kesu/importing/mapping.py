"""A mapping says how the columns of a file become a complaint submission: a small table, read from YAML."""

import re
from datetime import datetime
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml
from msgspec import Meta, Struct, field

from kesu.importing.errors import CannotImport
from shared.events.intake import KeyFacts, Stated
from shared.events.submissions import ComplaintSubmission, Customer

_GROUPS: Final[dict[str, type[Struct]]] = {"customer": Customer, "key_facts": KeyFacts, "stated": Stated}
TYPES: Final[dict[str, object]] = {
    one.name: one.type for one in msgspec.structs.fields(ComplaintSubmission) if one.name not in _GROUPS
} | {f"{group}.{one.name}": one.type for group, struct in _GROUPS.items() for one in msgspec.structs.fields(struct)}
NEEDED: Final = ("source_id", "channel", "text")
KNOWN_BY: Final = ("customer.account", "customer.phone", "customer.handle")
COLUMN: Final = re.compile(r"\{([^{}]+)\}")
MAPPING_BYTES_MAX: Final = 200_000
_EXAMPLE: Final = datetime(2024, 5, 16, 17, 18, 19)  # noqa: DTZ001 - only to try formats on


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


class Loaded(Struct, frozen=True):
    """A mapping with its name and the hash of its bytes."""

    name: str
    mapping: Mapping
    content_hash: str


def shipped() -> list[str]:
    """The names of the mappings that come with Kesu."""
    found = files("kesu.importing.mappings").iterdir()
    return sorted(one.name.removesuffix(".yaml") for one in found if one.name.endswith(".yaml"))


def load_mapping(name_or_path: str) -> Loaded:
    """The mapping of that name, or in that file; raises CannotImport where it is not there or makes no sense."""
    written = _bytes_of(name_or_path)
    try:
        tree = yaml.load(written, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        _check_written(tree)
        mapping = msgspec.convert(tree, Mapping)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise wrong(
            "mapping_unreadable", zh=f"映射文件读不懂：{error}", en=f"the mapping cannot be read: {error}"
        ) from None
    _check(mapping)
    return Loaded(Path(name_or_path).stem, mapping, blake2b(written, digest_size=16).hexdigest())


def wrong(code: str, *, zh: str, en: str) -> CannotImport:
    """An error in a mapping."""
    return CannotImport(code, zh=zh, en=en)


def _bytes_of(name_or_path: str) -> bytes:
    path = Path(name_or_path)
    if path.is_file():
        if path.stat().st_size > MAPPING_BYTES_MAX:
            raise wrong(
                "mapping_too_large",
                zh=f"映射文件超过 {MAPPING_BYTES_MAX} 字节",
                en=f"the mapping is larger than {MAPPING_BYTES_MAX} bytes",
            )
        return path.read_bytes()
    if name_or_path in shipped():
        return (files("kesu.importing.mappings") / f"{name_or_path}.yaml").read_bytes()
    names = ", ".join(shipped())
    raise wrong(
        "mapping_not_found",
        zh=f"没有映射 {name_or_path}：既不是文件，也不在自带的映射里（{names}）",
        en=f"no mapping {name_or_path}: neither a file nor one that comes with Kesu ({names})",
    )


def _check(mapping: Mapping) -> None:
    if mapping.as_is:
        if mapping.fields or mapping.format != "ndjson":
            raise wrong(
                "as_is_alone", zh="as_is 只用于 ndjson，且不能再有 fields", en="as_is is for ndjson, and has no fields"
            )
        return
    unknown = sorted(set(mapping.fields) - TYPES.keys())
    if unknown:
        raise wrong(
            "field_unknown",
            zh=f"提交里没有这些项：{'、'.join(unknown)}",
            en=f"a submission has no {', '.join(unknown)}",
        )
    missing = [name for name in NEEDED if name not in mapping.fields]
    if not set(KNOWN_BY) & set(mapping.fields):
        missing.append(" / ".join(KNOWN_BY))
    if missing:
        raise wrong("field_missing", zh=f"映射缺少：{'、'.join(missing)}", en=f"the mapping lacks {', '.join(missing)}")
    for name in mapping.fields:
        _check_field(name, mapping.field(name))
        _check_words(name, mapping.field(name))


def _check_written(tree: object) -> None:
    """Each field by itself, so that an error says which one."""
    fields = tree.get("fields") if isinstance(tree, dict) else None
    for name, written in fields.items() if isinstance(fields, dict) else ():
        try:
            msgspec.convert(written, Field | str | int | bool)
        except msgspec.ValidationError as error:
            raise wrong("field_wrong", zh=f"{name} 写得不对：{error}", en=f"{name} is wrong: {error}") from None


def _check_words(name: str, written: Field) -> None:
    """The mapping's own words (constants, value tables) must be what the submission takes there."""
    words = [*(written.values or {}).values(), *filter(None, (written.otherwise,))]
    if not written.columns:
        words.append(written.template)
    elif written.default and written.as_ == "text" and written.values is None and not written.times + written.dates:
        words.append(written.default)
    for word in words:
        try:
            msgspec.convert(word, TYPES[name], strict=False)
        except msgspec.ValidationError as error:
            raise wrong(
                "word_wrong", zh=f"{name} 不能是 {word!r}：{error}", en=f"{name} cannot be {word!r}: {error}"
            ) from None


def _check_field(name: str, written: Field) -> None:
    try:
        re.compile(written.expect)
        if written.zone:
            ZoneInfo(written.zone)
        for form in (*written.times, *written.dates):
            if form != "iso":
                datetime.strptime(_EXAMPLE.strftime(form), form)  # noqa: DTZ007
    except (re.error, ZoneInfoNotFoundError, ValueError) as error:
        raise wrong("field_wrong", zh=f"{name} 写得不对：{error}", en=f"{name} is wrong: {error}") from None
    readings = [bool(written.values), bool(written.times), bool(written.dates), written.as_ != "text"]
    if sum(readings) > 1:
        raise wrong(
            "field_ambiguous",
            zh=f"{name}：values、times、dates、as 只能用一种",
            en=f"{name}: only one of values, times, dates and as",
        )
