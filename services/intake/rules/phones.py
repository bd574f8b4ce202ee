"""Phone numbers as E.164, so that the same number written in ten ways is the same customer."""

import re
from functools import lru_cache
from typing import Final

import phonenumbers

_PUNCTUATION: Final = re.compile(r"[\s\-().·/]+")
_CN_MOBILE: Final = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_NANP: Final = re.compile(r"(?:\+?1)?([2-9]\d{2}[2-9]\d{6})")
_REGION_OF_ZONE: Final = {
    "Asia/Hong_Kong": "HK",
    "Asia/Macau": "MO",
    "Asia/Taipei": "TW",
    "Asia/Singapore": "SG",
    "Europe/London": "GB",
    "Pacific/Auckland": "NZ",
}
_REGION_OF_AREA: Final = {"Asia": "CN", "America": "US", "US": "US", "Pacific": "US", "Australia": "AU", "Europe": "GB"}


def region_of(time_zone: str) -> str:
    """The country (ISO 3166) whose numbers a channel in `time_zone` writes without a prefix."""
    return _REGION_OF_ZONE.get(time_zone) or _REGION_OF_AREA.get(time_zone.partition("/")[0], "CN")


def e164(written: str, region: str) -> str | None:
    """The number in E.164 (`+8613800138000`), None where it is no possible number of any plan."""
    digits = _PUNCTUATION.sub("", written)
    if region == "CN" or digits[:1] == "+" or digits[:4] == "0086":
        mobile = _CN_MOBILE.fullmatch(digits)
        if mobile:
            return f"+86{mobile[1]}"
    if region == "US":
        nanp = _NANP.fullmatch(digits)
        if nanp:
            return f"+1{nanp[1]}"
    return _parsed(digits, region)


@lru_cache(maxsize=10_000)
def _parsed(digits: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
