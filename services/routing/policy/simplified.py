"""Traditional characters: a text read as if it were written in simplified ones, every character at its place."""

import re
from pathlib import Path
from typing import Final

_TABLE_FILE: Final = Path(__file__).with_name("traditional.txt")
_ONLY_HERE: Final = {"著": "着", "瞭": "了", "藉": "借", "妳": "你", "牠": "它"}
"""What OpenCC leaves to the context, or leaves alone: in a traditional text these are nearly always meant so."""


def simplified(text: str) -> str:
    """`text` with each traditional character replaced by its simplified one: same length, same places.

    Some characters belong to both scripts (乾, 後, 著 in 著名): they are replaced only where another character shows that
    the text is traditional. A text without such a character is returned as it is.
    """
    return text.translate(_TABLE) if _TRADITIONAL.search(text) else text


def _read_table() -> dict[str, str]:
    lines = _TABLE_FILE.read_text(encoding="utf-8").splitlines()
    pairs = [pair for line in lines if not line.startswith("#") for pair in line.split()]
    return {pair[0]: pair[1] for pair in pairs} | _ONLY_HERE


def _in_simplified_texts(char: str) -> bool:
    """Whether the national standard of simplified text, GB 2312, has the character too."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


_CHARACTERS: Final = _read_table()
_TABLE: Final = str.maketrans(_CHARACTERS)
_TRADITIONAL: Final = re.compile(
    "[" + "".join(sorted(c for c in _CHARACTERS if c not in _ONLY_HERE and not _in_simplified_texts(c))) + "]"
)
