"""Amounts of money in words and figures, zh and en, as integers of the minor unit."""

import re
from typing import Final

from msgspec import Struct

from services.routing.model import Currency

_MINOR_MAX: Final = 10**13  # beyond any bill: a misread number
_MATCHES_MAX: Final = 200
_FIGURES: Final = r"\d[\d,]{0,14}(?:\.\d{1,2})?"
_AMOUNT: Final = re.compile(
    rf"(?P<sign>a\$|au\$|[¥$€£])\s?(?P<signed>{_FIGURES})(?P<k>k\b|万)?"
    rf"|(?P<figures>{_FIGURES})\s?(?P<scale>[十百千万]{{0,2}})[多余几来]?\s?(?P<unit>元|块|圆|毛|角|rmb|cny|yuan|usd|dollars?|bucks|eur|euros?|gbp|pounds?|quid|aud)"
    r"|(?P<han>[零〇一二两兩俩三四五六七八九十百千万半]{1,12})(?P<about>[多余几来]?)(?P<hanunit>元|块|圆|毛|角)(?![儿去起])"
)
_BY_SIGN: Final[dict[str, Currency]] = {"¥": "CNY", "$": "USD", "€": "EUR", "£": "GBP", "a$": "AUD", "au$": "AUD"}
_BY_UNIT: Final[dict[str, Currency]] = {
    "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "aud": "AUD",
}  # fmt: skip
_NUMERALS: Final = ("零〇", "一", "二两兩俩", "三", "四", "五", "六", "七", "八", "九")
_DIGITS: Final = {char: digit for digit, chars in enumerate(_NUMERALS) for char in chars}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_TENTHS: Final = frozenset({"毛", "角"})


class Amount(Struct, frozen=True):
    """An amount in minor units (fen, cents) of `currency`."""

    minor: int
    currency: Currency


def read_amount(text: str) -> Amount | None:
    """The largest amount named in `text` (lower case), or None. Looks at no more than 200 of them."""
    best: Amount | None = None
    for number, match in enumerate(_AMOUNT.finditer(text)):
        if number >= _MATCHES_MAX:
            break
        amount = _amount(match)
        if 0 < amount.minor < _MINOR_MAX and (best is None or amount.minor > best.minor):
            best = amount
    return best


def _amount(match: re.Match[str]) -> Amount:
    if sign := match["sign"]:
        times = {"k": 1000, "万": 10_000}.get(match["k"] or "", 1)
        return Amount(_minor(match["signed"]) * times, _BY_SIGN[sign])
    if figures := match["figures"]:
        unit = match["unit"]
        times = 1
        for scale in match["scale"]:
            times *= _SCALES[scale]
        return Amount(_minor(figures) * times // (10 if unit in _TENTHS else 1), _BY_UNIT.get(unit, "CNY"))
    return Amount(numeral(match["han"]) // (10 if match["hanunit"] in _TENTHS else 1), "CNY")


def _minor(figures: str) -> int:
    whole, _, fraction = figures.replace(",", "").partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0") or 0)


def numeral(han: str) -> int:
    """A Chinese numeral times 100: 两百 → 20000, 一千二 → 120000 (a last digit counts in the next lower scale)."""
    total = section = digit = 0
    last_scale = 1
    zero = False
    for char in han:
        if char == "半":
            return (total + section + digit) * 100 + 50 * last_scale
        if char in _DIGITS:
            zero = zero or char in "零〇"
            digit = _DIGITS[char]
            continue
        scale = _SCALES[char]
        if scale == 10_000:
            total, section = (total + section + digit) * scale, 0
        else:
            section += (digit or 1) * scale
        digit, last_scale, zero = 0, scale, False
    if digit and last_scale > 10 and not zero:
        digit *= last_scale // 10
    return (total + section + digit) * 100
