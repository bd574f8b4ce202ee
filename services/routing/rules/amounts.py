"""Amounts of money in words and figures, zh and en, as integers of the minor unit."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from msgspec import Struct

from services.routing.model import Currency
from services.routing.rules.numerals import NUMERAL, english_number, hundredths, number_before, numeral

_MINOR_MAX: Final = 10**13  # beyond any bill: a misread number
_PLACES_MAX: Final = 200
_ENGLISH_BEFORE_MAX: Final = 60  # the number may be written out: "two thousand five hundred dollars"
_MEASURED: Final = "天日号次月年周个小时分钟秒条张名位台部户岁点mgk兆楼栋室期倍折%度"
"""What follows a number that counts something else than money."""
_MONEY: Final = re.compile(r"[元块圆毛角刀$¥€£]")  # one set: the fastest search there is
_NUMBER_AFTER: Final = re.compile(r"\s?(\d[\d,]{0,14}(?:\.\d{1,2})?)\s?(k\b|m\b|千|万|million|thousand)?")
_TAIL: Final = re.compile(rf"[儿去起]|钱?([\d一二两三四五六七八九半])(?:[毛角]|(?![\d.,十百千万{_MEASURED}]))")
_NAMED: Final = re.compile(
    rf"(?:(rmb|cny|usd|人民币)\s?(?=\d)|(?<={NUMERAL})k?\s?(大洋|rmb|cny|yuan|usd|aud|eur|gbp|欧元|英镑)(?![a-z]))"
)
_LATIN_OR_RARE: Final = re.compile(r"[a-z洋币镑欧]")  # without any of these, neither a name nor English is looked for
_ENGLISH: Final = re.compile(r"(?:dollars?|bucks|pounds?|quid|euros?)\b")
_BARE: Final = re.compile(
    r"(?:扣|多收|收我|收了|充|交|花|付|欠|赔|退我|退了|返|缴|罚|话费|月租|押金|预存|余额|月费)"
    rf"(?:[了我掉过去走值入满共剩为是有的]|费|还有|将近|差不多){{0,3}}(?![.,])({NUMERAL}{{2,9}})[多余来]?(?![\d.,{_MEASURED}])"
)
_HOTLINE: Final = re.compile(r"1\d{4,}")  # 10010, 12315, mobile numbers
_SIGNS: Final[dict[str, Currency]] = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY"}
_UNITS: Final[dict[str, Currency]] = {
    "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "刀": "USD", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "欧元": "EUR", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "英镑": "GBP", "aud": "AUD",
}  # fmt: skip
_OF_PLACE: Final[dict[str, Currency]] = {"美": "USD", "欧": "EUR", "澳": "AUD"}  # 美元
_TIMES: Final = {"k": 1000, "m": 10**6, "千": 1000, "万": 10_000, "million": 10**6, "thousand": 1000}


class Amount(Struct, frozen=True):
    """An amount in minor units (fen, cents) of `currency`."""

    minor: int
    currency: Currency


def read_amount(text: str) -> Amount | None:
    """The largest amount named in `text` (lower case, simplified), or None. Looks at no more than 200 of each kind."""
    return _largest(amounts_named(text)) or read_bare_amount(text)


def amounts_named(text: str) -> tuple[Amount, ...]:
    """Every amount named with its unit or sign."""
    if _LATIN_OR_RARE.search(text):
        return (*_by_sign(text), *_by_name(text), *_in_english(text))
    return tuple(_by_sign(text))


def read_bare_amount(text: str) -> Amount | None:
    """The largest amount named without a unit, after words said of money only (扣了我三百, 充100没到), or None."""
    return _largest(
        Amount(numeral(match[1]), "CNY")
        for match in islice(_BARE.finditer(text), _PLACES_MAX)
        if not _HOTLINE.fullmatch(match[1])
    )


def _largest(amounts: Iterable[Amount]) -> Amount | None:
    best: Amount | None = None
    for amount in amounts:
        if 0 < amount.minor < _MINOR_MAX and (best is None or amount.minor > best.minor):
            best = amount
    return best


def _by_sign(text: str) -> Iterator[Amount]:
    """三百块, $45.20, 12块8."""
    for match in islice(_MONEY.finditer(text), _PLACES_MAX):
        char, place = match[0], match.start()
        if (sign := _SIGNS.get(char)) and (after := _NUMBER_AFTER.match(text, place + 1)):
            before = text[max(0, place - 2) : place]
            if not before.endswith(("hk", "nt")):  # currencies that no limit is known for
                minor = hundredths(after[1]) * _TIMES.get(after[2] or "", 1)
                yield Amount(minor, "AUD" if sign == "USD" and before.endswith(("a", "au")) else sign)
            continue
        of_place = _OF_PLACE.get(text[place - 1 : place])
        end = place - 1 if of_place else place
        if number := number_before(text, end):
            minor = _with_tail(text, number // 10 if char in "毛角" else number, match.end())
            yield Amount(minor, of_place or sign or _UNITS.get(char, "CNY"))


def _with_tail(text: str, minor: int, end: int) -> int:
    """`minor` and what follows its unit: 12块8, 两块五, 5元8角; 0 where this is no money at all (一块儿去)."""
    tail = _TAIL.match(text, end)
    if not tail:
        return minor
    if not tail[1]:
        return 0
    return minor + (50 if tail[1] == "半" else numeral(tail[1]) // 10)


def _by_name(text: str) -> Iterator[Amount]:
    """500rmb, rmb 500, 300大洋."""
    for match in islice(_NAMED.finditer(text), _PLACES_MAX):
        if name := match[1]:
            if after := _NUMBER_AFTER.match(text, match.end()):
                yield Amount(hundredths(after[1]) * _TIMES.get(after[2] or "", 1), _UNITS.get(name, "CNY"))
        elif number := number_before(text, match.start(2)):
            yield Amount(number, _UNITS.get(match[2], "CNY"))


def _in_english(text: str) -> Iterator[Amount]:
    """300 dollars, two hundred dollars."""
    for match in islice(_ENGLISH.finditer(text), _PLACES_MAX):
        place = match.start()
        before = text[max(0, place - _ENGLISH_BEFORE_MAX) : place]
        yield Amount(number_before(text, place) or english_number(before), _UNITS[match[0]])
