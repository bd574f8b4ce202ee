"""Texts and words: in the wrong language, asked for by nobody, or naming what is not there."""

import re
from collections.abc import Iterator
from typing import Final, get_args

from services.routing.examining.findings import Finding, error, note, warning
from services.routing.examining.owning import own_rows, own_signals
from services.routing.model import Currency
from services.routing.policy.pack import Pack
from services.routing.policy.rows import Tables
from services.routing.policy.schema import schemas
from services.routing.policy.vocabulary import LABELS
from shared.events.routing import Severity

_HAN: Final = re.compile(r"[㐀-鿿]")
_ASKED_BY_RULES: Final = frozenset({
    "abuse", "danger", "self_harm", "vulnerable", "outage", "group", "money", "month", "own_handle", "filed", "escalate",
    "counted_often",
})  # fmt: skip
"""Signals that rules ask for by name, whatever the tables say."""
NUMBER_MAX: Final = 10**12  # conditions calculate with 64 bits
_FAMILIES_ASKED: Final = ("tag_", "body_", "threat_", "demand_", "repeat_")


def find_wording(pack: Pack) -> Iterator[Finding]:
    """Findings about texts, settings, labels and words."""
    yield from _texts(pack)
    yield from _settings(pack)
    yield from _articles(pack)
    yield from _files(pack)
    for name in Tables.__struct_fields__:
        for rule in getattr(pack.tables, name).rules:
            yield from _labels(pack, name, rule.row.id, dict(rule.of))


def _texts(pack: Pack) -> Iterator[Finding]:
    tables = {rule.row.id: name for name in Tables.__struct_fields__ for rule in getattr(pack.tables, name).rules}
    for row, texts in pack.texts.items():
        table = tables.get(row, "causes")
        if not _HAN.search(texts["zh"]):
            yield warning(
                "text_language", table=table, row=row, zh="zh 文本中没有汉字", en="its zh text has no Chinese"
            )
        if _HAN.search(texts["en"]):
            yield warning(
                "text_language", table=table, row=row, zh="en 文本中有汉字", en="its en text has Chinese in it"
            )


def _settings(pack: Pack) -> Iterator[Finding]:
    for missing in sorted(set(get_args(Currency)) - set(pack.settings.amount_limits)):
        yield error(
            "limit_missing", table="pack", row="amount_limits", zh=f"缺少 {missing} 的限额", en=f"no limit in {missing}"
        )  # fmt: skip
    for absent in sorted(set(get_args(Severity)) - set(pack.settings.priority)):
        yield error(
            "priority_missing",
            table="pack",
            row="priority",
            zh=f"缺少 {absent} 的优先级",
            en=f"no priority of {absent}",
        )
    if not pack.settings.zh.strip() or not pack.settings.en.strip():
        yield error(
            "text_missing", table="pack", row="-", zh="策略包缺少中英文名称", en="the pack has no zh or en name"
        )


def _files(pack: Pack) -> Iterator[Finding]:
    """Files that nothing reads: most likely a name with a typing error."""
    known = schemas().keys()
    for name in pack.documents.trees:
        kind = name.split(".", maxsplit=1)[0] if name.startswith("lexicons/") else name
        if kind not in known:
            yield error("file_unknown", table=name, row="-", zh="没有哪里用到这个文件", en="nothing reads this file")
    for name, tree in pack.documents.trees.items():
        if huge := next((one for one in _numbers(tree) if abs(one) > NUMBER_MAX), None):
            yield error(
                "number_too_large",
                table=name,
                row="-",
                zh=f"数值过大：{huge:.0e}",
                en=f"too large a number: {huge:.0e}",
            )


def _articles(pack: Pack) -> Iterator[Finding]:
    for cause in pack.causes:
        for missing in sorted(set(cause.rules) - set(pack.advice.articles)):
            yield warning(
                "article_missing", table="causes", row=cause.id, zh=f"没有 {missing} 的条文", en=f"no articles of {missing}"
            )  # fmt: skip


def _labels(pack: Pack, table: str, row: str, of: dict[str, frozenset[str]]) -> Iterator[Finding]:
    """Labels with values of the pack's own: sub-causes."""
    assert LABELS["sub_cause"] is None
    for unknown in sorted(of.get("sub_cause", frozenset()) - {cause.id for cause in pack.causes}):
        is_own = f"{table}/{row}" in own_rows(pack)
        found = error if is_own else note  # an inherited row may speak of what this pack has done away with
        yield found(
            "sub_cause_unknown", table=table, row=row, zh=f"没有子原因 {unknown}", en=f"there is no sub-cause {unknown}"
        )


def find_idle_words(pack: Pack) -> Iterator[Finding]:
    """Signals of its own word lists that no table, weight or cause asks for: their words change nothing."""
    own = own_signals(pack)
    asked = {*pack.asked, *_ASKED_BY_RULES, *_named(pack)}
    for signal in sorted(pack.lexicon.signals - asked):
        if signal in own and not signal.startswith(_FAMILIES_ASKED):
            yield warning(
                "signal_unused", table="lexicons", row=signal, zh="没有任何表或权重使用该信号", en="nothing asks for this signal"
            )  # fmt: skip


def _named(pack: Pack) -> Iterator[str]:
    """Every name in the pack's YAML outside the lexicons."""
    for name, tree in pack.documents.trees.items():
        if not name.startswith("lexicons/"):
            yield from _names(tree)


def _numbers(tree: object) -> Iterator[float]:
    if isinstance(tree, int | float):
        yield tree
    elif isinstance(tree, dict | list):
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _numbers(value)


def _names(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield str(key)
            yield from _names(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _names(value)
    elif isinstance(tree, str) and len(tree) <= 60:
        yield tree
