"""Why a file cannot be imported at all, said to the person in front of it."""


class CannotImport(Exception):
    """`code` is stable, for programs; `zh` and `en` say what to do. Never repeats a row's content."""

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en} / {zh}")
        self.code = code
        self.zh = zh
        self.en = en
