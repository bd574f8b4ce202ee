"""Key information in the words: facts that nobody wrote down, and where words and recorded facts contradict (domain 3.4)."""

import re
from datetime import date, timedelta
from typing import Final

from services.routing.model import Case
from services.routing.rules.amounts import amounts_named
from services.routing.rules.facts import Read
from services.routing.rules.numerals import NUMERAL_CHARS, number_before, numeral
from shared.events.intake import KeyFacts, KeyFinding

TEXT: Final = "text"
"""What a finding's `against` says where the words contradict a recorded fact."""
_N: Final = f"[{NUMERAL_CHARS}]"
_BOUGHT_ZH: Final = re.compile(rf"年({_N}{{1,3}})月(?:({_N}{{1,3}})[日号])?[^,。!?]{{0,8}}?(?:买|购|入手)")
_BOUGHT_EN: Final = re.compile(
    r"(?:bought|purchased)[a-z ]{0,24}? (?:in|on) (?:(\d{1,2})/(\d{1,2})/(\d{4})|([a-z]{3,9})\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4}))"
)
_BILL: Final = re.compile(r"月份?的?(?:话费|账单|帐单|月租|费用|资费|扣费|流量费)")
_ORDER: Final = re.compile(
    r"(?:单号|订单|编号|order|ticket|reference|confirmation)(?: number| no\.?| id)?[ :#是为]{0,3}[a-z]{0,4}\d[\da-z-]{4,23}"
)
_ADDRESS: Final = re.compile(
    r"[路街巷道弄栋幢楼](?:(?<=[路街巷道弄])[0-9]{1,5}号|(?<=[0-9一二三四五六七八九十][栋幢])|(?<=[0-9一二三四五六七八九十]号楼))"
)
_STREET: Final = re.compile(
    r"[0-9][0-9]{0,4} [a-z]{2,20}(?: [a-z]{2,20})? (?:street|st|road|rd|avenue|ave|drive|lane|blvd)\b"
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NOTHING: Final = KeyFacts()
_YEARS: Final = (1990, 2100)
_FAULT_SLACK: Final = timedelta(days=7)  # people count weeks and months loosely


def read_key_facts(case: Case, found: Read) -> KeyFacts:
    """What the words say of the facts a cause may need; fields they do not mention are empty."""
    text, received_on = found.reading.text, case.received_at.date()
    amount = found.amount if case.key_facts.amount_minor is None else None
    bought = _bought_on(text)
    month = _bill_month(text, received_on) if "月" in text else ""
    english = case.lang == "en"
    ordered = (english or "单号" in text or "订单" in text or "编号" in text) and _ORDER.search(text)
    address = (_STREET if english else _ADDRESS).search(text)
    if not (bought or month or ordered or address or amount):
        return NOTHING
    return KeyFacts(
        purchased_on=bought,
        bill_month=month,
        amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else "CNY",
        has_order_number=bool(ordered),
        has_address=bool(address),
    )


def contradictions(case: Case, read: KeyFacts, found_read: Read) -> tuple[KeyFinding, ...]:
    """Where the words say otherwise than what was recorded."""
    recorded = case.key_facts
    if recorded == NOTHING:
        return ()
    found: list[KeyFinding] = []
    if (
        (given := recorded.purchased_on)
        and (said := read.purchased_on)
        and (given.year, given.month) != (said.year, said.month)
    ):
        off_by_one = given.month == said.month and abs(given.year - said.year) == 1
        found.append(KeyFinding("year_off_by_one" if off_by_one else "purchase_date_differs", "purchased_on", TEXT))
    if recorded.bill_month and read.bill_month and recorded.bill_month != read.bill_month:
        found.append(KeyFinding("bill_month_differs", "bill_month", TEXT))
    if recorded.amount_minor is not None:
        named = {one.minor for one in amounts_named(found_read.reading.text) if one.currency == recorded.currency}
        if named and named.isdisjoint((recorded.amount_minor, recorded.billed_minor)):
            found.append(KeyFinding("amount_differs", "amount_minor", TEXT))
    if recorded.fault_started_at and found_read.times.waited_hours is not None:
        waited = timedelta(hours=found_read.times.waited_hours)
        recorded_for = case.received_at - recorded.fault_started_at
        if abs(recorded_for - waited) > max(_FAULT_SLACK, waited / 2):
            found.append(KeyFinding("fault_start_differs", "fault_started_at", TEXT))
    return tuple(found)


def _bought_on(text: str) -> date | None:
    """The day, or the first of the month, on which it was bought."""
    if ("买" in text or "购" in text or "入手" in text) and (match := _BOUGHT_ZH.search(text)):
        year = number_before(text, match.start()) // 100
        return _day(
            year + 2000 if year < 100 else year, numeral(match[1]) // 100, numeral(match[2]) // 100 if match[2] else 1
        )
    if ("bought" in text or "purchased" in text) and (match := _BOUGHT_EN.search(text)):
        if match[3]:
            return _day(int(match[3]), int(match[1]), int(match[2]))
        if match[4][:3] in _MONTHS:
            return _day(int(match[6]), _MONTHS.index(match[4][:3]) + 1, int(match[5] or 1))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _YEARS[0] <= year <= _YEARS[1] else None
    except ValueError:
        return None


def _bill_month(text: str, received_on: date) -> str:
    """`2026-01`; a month without its year is the last one not after `received_on`."""
    match = _BILL.search(text)
    month = number_before(text, match.start()) // 100 if match else 0
    if not match or not 1 <= month <= 12:
        return ""
    year = received_on.year - (month > received_on.month)
    return f"{year}-{month:02d}"
