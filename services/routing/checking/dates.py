"""Whether a sentence names a time by which something happens, in Chinese or English: a promise without one is none."""

import re
from typing import Final

_HAN: Final = "[0-9零〇一二两三四五六七八九十半]"
_WEEKDAY: Final = "mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun"
_MONTH: Final = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_NUMBER: Final = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty-four|forty-eight)"
_TIME: Final = re.compile(
    rf"{_HAN}{{1,3}}月{_HAN}{{1,3}}|{_HAN}{{1,4}}[日号](?!线|码|楼|店)|{_HAN}{{1,3}}点|\d{{1,2}}[:：]\d{{2}}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}"
    r"|[今明后当][天日晚早]|明[早晚]|[本下这]?(?:周|星期|礼拜)[一二三四五六日天末]|[本下]个?(?:月底|月初|周内|月内|周|月)"
    rf"|{_HAN}{{1,3}}\s?个?(?:工作日|小时|钟头|分钟|天|日|周|星期|刻钟|月)(?:之内|以内|内|之?后|之?前)"
    rf"|\b(?:{_WEEKDAY})(?:day)?\b|\b(?:today|tomorrow|tonight|noon|midnight|end of (?:the )?(?:day|week|month))\b"
    rf"|\b(?:{_MONTH})[a-z]{{0,6}}\.? \d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})|\b\d{{1,2}} ?[ap]\.?m\b"
    rf"|\b(?:within|in) (?:the next )?{_NUMBER} (?:working |business |calendar )?(?:minute|hour|day|week|month)s?\b"
)


def names_time(sentence: str) -> bool:
    """Whether `sentence` (lower case) names a day, an hour, or a limit of time."""
    return bool(_TIME.search(sentence))
