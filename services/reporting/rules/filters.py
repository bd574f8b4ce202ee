"""What may be asked for: filters become conditions, a page's last row becomes the cursor to the next; pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Struct

from shared.problems import Problem

LIMIT_MAX: Final = 500
Value: TypeAlias = datetime | date | bool | list[str]


class Condition(Struct, frozen=True):
    """A column is one of some values, or on one side of a bound (`from` is inclusive, `before` exclusive)."""

    column: str
    relation: Literal["in", "from", "before"]
    value: Value


class Cursor(Struct, frozen=True, array_like=True):
    """The sort key of the last row shown."""

    at: datetime
    id: UUID


_decode = msgspec.json.Decoder(Cursor).decode


def conditions(
    *,
    one_of: dict[str, Sequence[str] | None] | None = None,
    since: dict[str, datetime | date | None] | None = None,
    before: dict[str, datetime | date | None] | None = None,
) -> list[Condition]:
    """The conditions that were given, by column; raises Problem where a time has no zone."""
    given = [Condition(column, "in", list(values)) for column, values in (one_of or {}).items() if values]
    given += [Condition(column, "from", _aware(column, at)) for column, at in (since or {}).items() if at is not None]
    given += [
        Condition(column, "before", _aware(column, at)) for column, at in (before or {}).items() if at is not None
    ]
    return given


def _aware(column: str, at: datetime | date) -> datetime | date:
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise Problem("request_invalid", f"{column}: a time needs a zone | 时间须带时区")
    return _in_utc(at)


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # the first or last hours of the calendar, in another zone
        raise Problem("time_out_of_range") from error


def cursor_text(at: datetime, id_: UUID) -> str:
    """The cursor that stands for the row with this sort key."""
    return urlsafe_b64encode(msgspec.json.encode(Cursor(at, UUID(int=id_.int)))).decode().rstrip("=")


def cursor_of(text: str | None) -> Cursor | None:
    """The sort key that `text` stands for; raises Problem where it stands for none."""
    if not text:
        return None
    try:
        cursor = _decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, Base64Error, msgspec.DecodeError) as error:
        raise Problem("request_invalid", "cursor: not one of ours | 游标无效") from error
    if cursor.at.tzinfo is None:
        raise Problem("request_invalid", "cursor: not one of ours | 游标无效")
    return Cursor(_in_utc(cursor.at), cursor.id)


def check_query(query: Sequence[tuple[str, str]], known: set[str]) -> None:
    """Raise Problem for a parameter that means nothing here (a misspelt filter must not show everything), and for NUL."""
    if unknown := sorted({name for name, _ in query} - known):
        raise Problem("request_invalid", f"unknown parameter | 未知参数: {', '.join(unknown)[:200]}")
    if any("\x00" in value for _, value in query):
        raise Problem("nul_character")
