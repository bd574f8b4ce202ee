"""How text is written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.rules.text import language_of, normalised, one_line


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("　手机坏了！　", "手机坏了!"),
        ("订单１２３４", "订单1234"),
        ("ｗｉｆｉ", "wifi"),
        ("a\x00b\x07c", "abc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\t\tb  c", "a b c"),
        ("a  \n  b", "a\nb"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("it's fine", "it's fine"),
        (" \u200b\n ", ""),
    ],
)
def test_text_is_normalised(written: str, kept: str) -> None:
    assert kept == normalised(written)


@given(st.text(max_size=300))
def test_normalising_again_changes_nothing_and_leaves_nothing_invisible(text: str) -> None:
    once = normalised(text)

    assert once == normalised(once)
    assert not any(ord(character) < 32 and character != "\n" for character in once)
    assert once == once.strip()


def test_a_text_made_to_explode_does_not() -> None:
    assert len(normalised("\ufdfa" * 20_000)) <= 3 * 20_000


def test_names_are_on_one_line() -> None:
    assert "北京市 海淀区" == one_line("北京市\n海淀区")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("宽带断了两天", "zh"),
        ("我的iPhone 15 Pro Max连不上Wi-Fi", "zh"),
        ("My internet is down", "en"),
        ("12345", "en"),
        ("Complaint about 联通", "en"),
    ],
)
def test_the_language_is_guessed(text: str, lang: str) -> None:
    assert lang == language_of(text)
