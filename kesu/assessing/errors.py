"""What can be wrong with a row that is to be judged, each with a stable code and a text in Chinese and English."""

from typing import Final

from kesu.importing.findings import REFUSED
from shared.problems import PROBLEMS

OWN: Final[dict[str, tuple[str, str]]] = {
    "id_missing": ("没有编号（id）", "no id"),
    "text_missing": ("没有文本（text）", "no text"),
    "value_not_valid": ("值不符合要求", "a value that does not fit"),
}
# Left out and counted: the row is judged all the same.
NOTES: Final[dict[str, tuple[str, str]]] = {
    "channel_unknown": (
        "渠道不认识，按未给出处理（或用 --channel 指定）",
        "a channel that is not known counts as not given (or name it with --channel)",
    ),
    "created_at_unreadable": ("时间读不懂，按未给出处理", "a time that cannot be read counts as not given"),
    "time_zone_unknown": ("时区不认识，按默认时区处理", "a time zone that is not known: the default is taken"),
}


class RowUnusable(Exception):
    """Why a row cannot be judged: a `code` that `texts_of` knows, and `at`, where in the row the fault lies."""

    def __init__(self, code: str, at: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.at = at


def texts_of(code: str) -> tuple[str, str]:
    """What `code` means, in Chinese and English."""
    if code in PROBLEMS:  # intake's own limits: a row it would refuse
        return PROBLEMS[code].zh, PROBLEMS[code].en
    return (OWN | NOTES | REFUSED)[code]
