"""Numbers as people write them: figures, Chinese numerals, mixtures of both (1千2, 三四百), English words."""

import re
from typing import Final

NUMERAL_CHARS: Final = "0123456789.,零〇一二两俩三四五六七八九十百千万几半"
"""What a number in figures or Chinese numerals (simplified) is made of."""
NUMERAL: Final = f"[{NUMERAL_CHARS}]"
_LENGTH_MAX: Final = 16
_ABOUT: Final = "多余来把 k"

_DIGITS: Final = {char: digit for digit, chars in enumerate(("零〇", "一", "二两俩", "三几", "四", "五", "六", "七", "八", "九"))
                  for char in chars}  # fmt: skip
"""几, "several", is taken as three: the least it can mean."""
_SCALES: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_PART: Final = re.compile(r"(?P<figures>\d[\d,]{0,14}(?:\.\d{1,2}(?!\d))?)|(?P<han>.)", re.DOTALL)
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: Final = (
    {word: n for n, word in enumerate(_ONES)}
    | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
    | {"a": 1, "an": 1, "couple": 2, "several": 3, "few": 3, "dozen": 12}
)
_MULTIPLES: Final = {"hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000, "k": 1000, "grand": 1000}
_PASSED_OVER: Final = frozenset({"and", "of", "over", "about"})
_ENGLISH_WORDS_MAX: Final = 8


def hundredths(figures: str) -> int:
    """`1,234.5` → 123450."""
    whole, _, fraction = figures.replace(",", "").partition(".")
    return int(whole or 0) * 100 + int(fraction[:2].ljust(2, "0") or 0)


def numeral(text: str) -> int:
    """A number in figures, Chinese numerals or both, times 100: 两百 → 20000, 一千二 → 120000, 1.2万 → 1200000.

    A last single digit counts in the next lower scale; of two digits in a row (三四百) the last, larger one counts.
    """
    if (one := _DIGITS.get(text)) is not None:
        return one * 100
    if text.isascii():
        return hundredths(text) if text.count(".") <= 1 else 0
    total = section = digit = 0
    last_scale = 1
    exact = False  # after a zero, or with figures of more than one digit, the last digit is just that
    for part in _PART.finditer(text):
        if figures := part["figures"]:
            digit, exact = hundredths(figures), exact or len(figures) > 1
        elif (char := part["han"]) in _DIGITS:
            if char == "几" and digit:
                continue  # 40几: at least 40
            exact = exact or char in "零〇"
            digit = _DIGITS[char] * 100
        elif char == "半":
            return total + section + digit + 50 * last_scale
        elif scale := _SCALES.get(char):
            if scale == 10_000:
                total, section = (total + section + digit or 100) * scale, 0
            else:
                section += (digit or 100) * scale
            digit, last_scale, exact = 0, scale, False
    if digit and last_scale > 10 and not exact:
        digit *= last_scale // 10
    return total + section + digit


def number_before(text: str, end: int) -> int:
    """The number that ends at `end` of `text` (两百多, 1.2k), times 100; 0 where none does."""
    head = text[max(0, end - _LENGTH_MAX - 3) : end]
    number = head.rstrip(_ABOUT)
    thousands = 1000 if "k" in head[len(number) :] else 1
    number = number[len(number.rstrip(NUMERAL_CHARS)) :].strip(".,")
    return numeral(number) * thousands if 0 < len(number) <= _LENGTH_MAX else 0


def english_number(before: str) -> int:
    """The number that the words at the end of `before` name ("… charged two hundred"), times 100; 0 where none does."""
    total = section = 0
    named: list[str] = []
    for word in reversed(before.replace("-", " ").split()[-_ENGLISH_WORDS_MAX:]):
        if word not in _WORDS and word not in _MULTIPLES and not (named and word in _PASSED_OVER):
            break
        named.append(word)
    for word in reversed(named):
        if multiple := _MULTIPLES.get(word):
            section = (section or 1) * multiple
            if multiple == 1000:
                total, section = total + section, 0
        elif word == "dozen":
            section = (section or 1) * 12
        elif word not in _PASSED_OVER and not (word in ("a", "an") and section):
            section += _WORDS[word]
    return (total + section) * 100
