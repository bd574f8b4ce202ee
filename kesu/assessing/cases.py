"""A row becomes the case that routing would see, had it come in by intake's doors."""

import re
from collections import Counter
from datetime import UTC, datetime
from typing import Final, get_args

from msgspec import Struct

from kesu.assessing.errors import RowUnusable
from kesu.assessing.rows import Customer, InputRow
from services.intake.model import Refused
from services.intake.rules import limits
from services.intake.rules.checks import Context
from services.intake.rules.key_information import KeyTable, key_findings
from services.intake.rules.text import language_of, normalised
from services.intake.rules.times import utc, zone
from services.routing.model import Case
from shared.events.envelope import Language
from shared.events.intake import Channel, CustomerTier, KeyFacts, Stated

TIME_ZONE: Final = "Asia/Shanghai"
MILLISECONDS_FROM: Final = 10**11  # a time in seconds that large lies beyond the year 5000
_CHANNELS: Final[dict[str, Channel]] = {name: name for name in get_args(Channel)}
_TIERS: Final[dict[str, CustomerTier]] = {name: name for name in get_args(CustomerTier)}
_LANGUAGES: Final[dict[str, Language]] = {name: name for name in get_args(Language)}
_HANDLE: Final = re.compile(r"(?<![A-Za-z0-9_.])@\w")  # nobody tags an account on the telephone; not an e-mail address
_NOTHING_STATED: Final = Stated()
_NO_FACTS: Final = KeyFacts()


class Cases(Struct, frozen=True, kw_only=True):
    """How rows become cases. `channel` is that of rows that name none, `now` the time of rows without one.

    Without either channel a text that tags an account (`@name`) is taken for a public post, any other for "other".
    What was left out of rows is counted in `notes`.
    """

    table: KeyTable
    now: datetime
    notes: Counter[str]
    channel: Channel | None = None

    def case(self, row: InputRow, *, number: int) -> Case:
        """The case of the row that is the file's `number`th; raises RowUnusable."""
        if row.text is None:
            raise RowUnusable("text_missing", "text")
        text = normalised(row.text)
        if not text:
            raise RowUnusable("text_empty", "text")
        time_zone = self._zone(row)
        at = self._time(row, time_zone) or self.now
        try:
            facts = self._facts(row.key_facts, time_zone)
            stated = limits.stated(row.stated) if row.stated else _NOTHING_STATED
        except Refused as refused:
            raise RowUnusable(refused.code, refused.path.removeprefix("$.")) from None
        context = Context(occurred_at=at, zone=zone(time_zone))
        tier = row.customer.tier if isinstance(row.customer, Customer) else None
        return Case(
            complaint_id=f"{number:012d}", channel=self._channel(row, text), lang=_language(row, text), text=text,
            customer_tier=_TIERS.get(tier or "", "standard"), region=facts.region, key_facts=facts, stated=stated,
            findings=key_findings(self.table, facts=facts, stated=stated, text=text, context=context), received_at=at,
        )  # fmt: skip

    def _channel(self, row: InputRow, text: str) -> Channel:
        if row.channel:
            if known := _CHANNELS.get(row.channel.strip().lower()):
                return known
            self.notes["channel_unknown"] += 1
        return self.channel or ("social" if "@" in text and _HANDLE.search(text) else "other")

    def _zone(self, row: InputRow) -> str:
        if not row.time_zone:
            return TIME_ZONE
        try:
            zone(row.time_zone)
        except Refused:
            self.notes["time_zone_unknown"] += 1
            return TIME_ZONE
        return row.time_zone

    def _time(self, row: InputRow, time_zone: str) -> datetime | None:
        if row.created_at is None or row.created_at == "":
            return None
        try:
            return utc(_moment(row.created_at), time_zone, path="$.created_at")
        except (ValueError, OverflowError, OSError, Refused):
            self.notes["created_at_unreadable"] += 1
            return None

    @staticmethod
    def _facts(said: KeyFacts | None, time_zone: str) -> KeyFacts:
        if said is None:
            return _NO_FACTS
        return limits.key_facts(said, time_zone=time_zone, has_order_number=False, has_address=False)


def _language(row: InputRow, text: str) -> Language:
    return _LANGUAGES.get(row.lang or "") or language_of(text)


def _moment(written: str | float) -> datetime:
    """ISO 8601, or seconds or milliseconds since 1970; raises ValueError."""
    if isinstance(written, str):
        plain = written.strip()
        if not plain.isdigit() or len(plain) < 9:  # 20150411 is a day
            return datetime.fromisoformat(plain)
        written = int(plain)
    return datetime.fromtimestamp(written / 1000 if abs(written) >= MILLISECONDS_FROM else written, UTC)
