"""What can be wrong with a mapping, said before a file is read."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from kesu.importing.errors import CannotImport
from kesu.importing.mapping import KNOWN_BY, NEEDED, TYPES, Field, Mapping

_EXAMPLE: Final = datetime(2024, 5, 16, 17, 18, 19)  # noqa: DTZ001 - only to try formats on


def check(mapping: Mapping) -> None:
    """Raises CannotImport where a mapping asks for what cannot be, naming the field."""
    if mapping.as_is:
        if mapping.fields or mapping.format != "ndjson":
            raise CannotImport(
                "as_is_alone", zh="as_is 只用于 ndjson，且不能再有 fields", en="as_is is for ndjson, and has no fields"
            )
        return
    unknown = sorted(set(mapping.fields) - TYPES.keys())
    if unknown:
        raise CannotImport(
            "field_unknown",
            zh=f"提交里没有这些项：{'、'.join(unknown)}",
            en=f"a submission has no {', '.join(unknown)}",
        )
    missing = [name for name in NEEDED if name not in mapping.fields]
    if not set(KNOWN_BY) & set(mapping.fields):
        missing.append(" / ".join(KNOWN_BY))
    if missing:
        raise CannotImport(
            "field_missing", zh=f"映射缺少：{'、'.join(missing)}", en=f"the mapping lacks {', '.join(missing)}"
        )
    for name in mapping.fields:
        _check_field(name, mapping.field(name))
        _check_words(name, mapping.field(name))


def check_written(tree: object) -> None:
    """Read each field by itself, so that an error says which one; raises CannotImport."""
    fields = tree.get("fields") if isinstance(tree, dict) else None
    for name, written in fields.items() if isinstance(fields, dict) else ():
        try:
            msgspec.convert(written, Field | str | int | bool)
        except msgspec.ValidationError as error:
            raise CannotImport("field_wrong", zh=f"{name} 写得不对：{error}", en=f"{name} is wrong: {error}") from None


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
            raise CannotImport(
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
    except (re.error, ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CannotImport("field_wrong", zh=f"{name} 写得不对：{error}", en=f"{name} is wrong: {error}") from None
    readings = [bool(written.values), bool(written.times), bool(written.dates), written.as_ != "text"]
    if sum(readings) > 1:
        raise CannotImport(
            "field_ambiguous",
            zh=f"{name}：values、times、dates、as 只能用一种",
            en=f"{name}: only one of values, times, dates and as",
        )
