"""How text is written down: one form for each character, nothing invisible, plain spaces; and its language."""

import re
import unicodedata
from typing import Final

from shared.events.envelope import Language

EXPANSION_MAX: Final = 3  # NFKC can grow a text 18-fold (U+FDFA); beyond this NFC is used, which cannot

# Control characters (but line feed), and the invisible ones that reorder or hide text; U+200D stays: emoji need it.
_INVISIBLE: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ODD: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[^\\S\n ]|  |\n[ \n]| \n"
)
_BREAKS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK: Final = re.compile(r"[^\S\n]+")
_AROUND_LINES: Final = re.compile(r" *\n *")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_CJK: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SAMPLE: Final = 80  # characters enough to tell Chinese from English
_CJK_SHARE_MIN: Final = 0.15  # Chinese complaints are full of model names, digits and "Wi-Fi"


def normalised(text: str) -> str:
    """`text` in NFKC, without control and invisible characters, with single spaces and at most one empty line.

    The evidence of every later decision counts characters of this text.
    """
    if not text.isascii():
        compatible = unicodedata.normalize("NFKC", text)
        text = compatible if len(compatible) <= EXPANSION_MAX * len(text) else unicodedata.normalize("NFC", text)
    if _ODD.search(text):
        text = _BREAKS.sub("\n", text).replace("\t", " ")
        text = _BLANK.sub(" ", _INVISIBLE.sub("", text))
        text = _EMPTY_LINES.sub("\n\n", _AROUND_LINES.sub("\n", text))
    return text.strip()


def one_line(text: str) -> str:
    """`text` normalised, on one line: for names, models, addresses and identifiers."""
    if not text or (text.isascii() and text.isalnum()):
        return text
    return normalised(text).replace("\n", " ")


def language_of(text: str) -> Language:
    """The language a text is most probably in, by the share of Chinese characters at its beginning."""
    sample = text[:_SAMPLE]
    return "zh" if len(_CJK.findall(sample)) > _CJK_SHARE_MIN * len(sample) else "en"
