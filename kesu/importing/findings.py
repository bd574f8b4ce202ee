"""What can be wrong with a row or a file, each with a stable code and a text in Chinese and English."""

from typing import Final

from msgspec import Struct

# Refused rows are not sent. Notes are: the row goes in, and the report says what was odd about it.
REFUSED: Final[dict[str, tuple[str, str]]] = {
    "before_header": ("表头之前的行", "a line before the header"),
    "header_repeated": ("表头又出现了一次", "the header once more"),
    "merge_marker": ("版本合并冲突留下的标记", "a marker left by a merge conflict"),
    "columns_differ": ("列数与表头不一致", "not as many columns as the header"),
    "quote_open": (
        "引号没有闭合，或跨行的记录列数不符",
        "a quote that is never closed, or a row over several lines with other columns",
    ),
    "bare_return": ("行内有单独的回车符", "a carriage return inside the line"),
    "line_too_long": ("一行过长", "a line that is too long"),
    "not_decodable": ("字符编码有误", "bytes that are no text in the file's encoding"),
    "not_json": ("不是 JSON 对象", "no JSON object"),
    "repeated_row": ("与前面的某一行完全相同", "the same as an earlier row"),
    "id_reused": ("编号与前面的某一行相同，内容不同", "the number of an earlier row with other content"),
    "empty": ("必填的值为空", "a value that must be there is empty"),
    "customer_missing": ("账号、电话、昵称都没有", "neither account nor phone nor handle"),
    "value_unknown": ("对照表里没有这个值", "a value that the mapping does not list"),
    "not_a_time": ("时间格式都不符合", "a time in none of the formats"),
    "zone_missing": ("时间没有时区，映射也没有给出", "a time without a zone, and the mapping gives none"),
    "not_a_number": ("不是数字", "not a number"),
    "not_valid": ("不符合投诉提交的要求", "does not fit a complaint submission"),
}
NOTES: Final[dict[str, tuple[str, str]]] = {
    "odd_value": ("与通常的写法不同", "a value not written as usual"),
    "left_out": ("无法识别，已省略这一项", "a value that cannot be read was left out"),
}
FILE: Final[dict[str, tuple[str, str]]] = {
    "byte_order_mark": ("文件中间有字节顺序标记，已忽略", "byte order marks inside the file, ignored"),
    "dates_swapped_repaired": (
        "日期看起来日月颠倒（日不大于 12 的行），已按映射换回",
        "dates look day/month swapped (where the day is 12 or less); swapped back, as the mapping says",
    ),
    "dates_swapped_kept": (
        "日期看起来日月颠倒（日不大于 12 的行），按映射原样保留",
        "dates look day/month swapped (where the day is 12 or less); kept as written, as the mapping says",
    ),
    "repeats_unchecked": (
        "行数过多，其后不再检查重复行（重复提交仍只算一次）",
        "too many rows: repeats are not looked for after this row (sent twice still counts once)",
    ),
}


class Refusal(Struct, frozen=True):
    """A row that is not sent: `columns` name where the fault lies, by the mapping's own words."""

    code: str
    columns: tuple[str, ...] = ()
    detail: str = ""


class Note(Struct, frozen=True):
    """Something odd about a row that is sent."""

    code: str
    columns: tuple[str, ...] = ()


class RowRefused(Exception):
    """Raised inside a row's reading; carries the refusal."""

    def __init__(self, code: str, columns: tuple[str, ...] = (), detail: str = "") -> None:
        super().__init__(code)
        self.refusal = Refusal(code, columns, detail)
