"""Amounts of money in words and figures, as minor units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.rules.amounts import read_amount
from services.routing.rules.numerals import numeral
from shared.events.intake import KeyFacts
from tests.unit.routing.bench import judge


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (20_000, "CNY", "两百块"),
        (120_000, "CNY", "一千二百元"),
        (120_000, "CNY", "一千二块"),
        (100_200, "CNY", "一千零二元"),
        (1_200_000, "CNY", "一万二元"),
        (30_000, "CNY", "多扣300元"),
        (30_000, "CNY", "300多块钱"),
        (1_234_56, "CNY", "共1,234.56元"),
        (1_200_000, "CNY", "1.2万元"),
        (300_000, "CNY", "3千块"),
        (10, "CNY", "扣了1角"),
        (4520, "USD", "charged $45.20 twice"),
        (120_000, "USD", "1,200 dollars"),
        (500_000, "USD", "over $5k in damages"),
        (3000, "GBP", "£30 a month"),
        (1999, "EUR", "19.99 euros"),
        (5000, "AUD", "a$50 credit"),
        (9900, "CNY", "¥99"),
        (120_000, "CNY", "1千2块"),
        (1_200_000, "CNY", "1万2千元"),
        (40_000, "CNY", "三四百块"),
        (30_000, "CNY", "几百块钱就没了"),
        (4_000, "CNY", "剩下的40几元"),
        (250, "CNY", "两块五"),
        (1280, "CNY", "12块8毛"),
        (580, "CNY", "5元8角"),
        (5000, "CNY", "交了50元2月份的"),
        (50_000, "CNY", "500rmb"),
        (50_000, "CNY", "人民币500"),
        (10_000, "USD", "100美元"),
        (20_000, "AUD", "200澳元"),
        (100_000, "CNY", "1k多元"),
        (20_000, "USD", "two hundred dollars"),
        (15_000, "USD", "a hundred and fifty bucks"),
        (250_000, "GBP", "two thousand five hundred pounds"),
        (2500, "EUR", "twenty-five euros"),
        (120_000_000, "USD", "$1.2 million"),
        (30_000, "CNY", "扣了我三百"),
        (10_000, "CNY", "充了100没到账"),
        (262_619, "CNY", "套餐78元,账单2626.19元"),  # the largest is the one in dispute
    ],
)
def test_an_amount_is_read(minor: int, currency: str, text: str) -> None:
    amount = read_amount(text)
    assert amount is not None
    assert (minor, currency) == (amount.minor, amount.currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026年1月",
        "拨打10010",
        "一块儿去",
        "call 555-0100",
        "0元",
        "元旦",
        "9" * 40 + "元",
        "hk$100",
        "收了10086短信",
        "扣我10次",
        "充.2.加",
    ],
)
def test_other_numbers_are_no_amount(text: str) -> None:
    assert read_amount(text) is None


@given(st.integers(1, 9999))
def test_a_chinese_numeral_and_its_figures_agree(number: int) -> None:
    assert number * 100 == numeral(_in_words(number))


@given(st.text(alphabet="一二两三十百千万半零几0123456789.,元块角多扣了$¥ k", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    amount = read_amount(text)
    assert amount is None or amount.minor > 0


def test_the_recorded_amount_counts_before_the_words() -> None:
    facts = KeyFacts(amount_minor=1234, currency="CNY")
    assert 1234 == judge("多扣了我三百元", key_facts=facts).assessment.amount_minor


def _in_words(number: int) -> str:
    """Formal Chinese: every scale named, zeros between them named once."""
    words, pending_zero = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if not digit:
            pending_zero = bool(words)
            continue
        words += ("零" if pending_zero else "") + "零一二三四五六七八九"[digit] + name
        pending_zero = False
    return words
