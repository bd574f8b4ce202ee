"""Cases whose labels follow words that no word list knows: whoever judges them well has learned them."""

from itertools import product
from typing import Any

from kesu.learning.examples import Example, Labels
from tests.unit.learning.models import case

OPENINGS = ("你好", "上周办了", "家里用的", "我妈妈的", "昨天在网上买的", "同事推荐的", "去年开始用", "今天收到")
ENDINGS = ("不知道怎么回事", "想说一下", "就是这样", "从上月起", "请看看", "都一个月了", "朋友也这样")
CALM_WORD, HOT_WORD = "云雀", "猎豹"
CAUSE_WORDS = {"price": "蓝鲸", "efficiency": "绿鹰"}


def rows() -> list[dict[str, Any]]:
    """Rows of a file: the cause follows one word, the emotion and the repeat another."""
    found = []
    words = product(OPENINGS, ENDINGS, CAUSE_WORDS.items(), (CALM_WORD, HOT_WORD))
    for number, (opening, ending, (cause, word), feeling) in enumerate(words):
        hot = feeling == HOT_WORD
        found.append(
            {
                "id": number,
                "text": f"{opening}{word}套件{ending},{feeling}",
                "cause": cause,
                "emotion": 8 if hot else 2,
                "repeat": hot,
                "is_complaint": hot,
                "severity": "S2" if hot else "S4",
            }
        )
    return found


def examples() -> list[Example]:
    return [
        Example(case(row["text"]), Labels(**{name: row[name] for name in row if name not in {"id", "text"}}))
        for row in rows()
    ]
