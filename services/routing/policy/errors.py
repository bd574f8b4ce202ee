"""What can be wrong with a policy pack, named so that whoever edits the tables finds the place."""

from shared.events.envelope import Language


class PackError(Exception):
    """A pack cannot be used: `table` and `row` say where, `reasons` why, `texts` both; in zh and en."""

    def __init__(self, *, table: str, row: str, zh: str, en: str) -> None:
        self.table = table
        self.row = row
        self.reasons: dict[Language, str] = {"zh": zh, "en": en}
        self.texts: dict[Language, str] = {
            "zh": f"策略包表 {table} 行 {row}：{zh}",
            "en": f"pack table {table}, row {row}: {en}",
        }
        super().__init__(self.texts["en"])
