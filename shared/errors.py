"""The two kinds of failure a message can meet; anything else stops its consumer with the position unmoved."""

from typing import Any


class Impossible(Exception):
    """This record will never work: it goes to the dead letters and the rest of its batch goes on."""

    def __init__(self, record: Any, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.record = record
        self.code = code
        self.detail = detail


class Undecodable(Exception):
    """The bytes of a record say nothing we can read (raised while decoding, before a record exists)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class NotNow(Exception):
    """It may work later: retried in place with growing pauses, order kept."""


class Stopped(Exception):
    """The consumer must not go on, and nothing may be discarded; `code` and the texts say why."""

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en} / {zh}")
        self.code = code
        self.zh = zh
        self.en = en
