"""The report of a measurement for people."""

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kesu.judge.english import MUST, English
from kesu.judge.figures import FIGURES
from kesu.judge.labelled import Labelled
from kesu.judge.report import Confusion, Measured, Of, Report

_SYSTEMS: Final = {"rules": "仅规则 rules alone", "layer": "规则加学习层 rules with the learned layer"}
_NAMES: Final = {figure.id: f"{figure.zh} {figure.en}" for figure in FIGURES}


def show(report: Report, out: Console, texts: Labelled | None = None) -> None:
    """Tables of figures, confusions and worst rows; the rows' texts only where `texts` are given."""
    for one in report.measured:
        out.print(_figures(one))
        for name, table in (("原因 cause", one.cause), ("严重度 severity", one.severity)):
            out.print(_confusion(name, table))
        out.print(_worst(one))
        if texts:
            said = {row.labels.id: row.text for row in (*texts.once, *texts.twice)}
            for worst in one.worst:
                out.print(Text(f"  {worst.id}  {said[worst.id]}"))
        out.print()
    if report.english:
        out.print(_english(report.english))


def _english(found: English) -> Table:
    table = Table(title=f"英文 English · {found.count:,}", title_justify="left")
    for heading in ("", "value", "95 %", "rows", "must", ""):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_row(
        "有原因和单位 a cause and a unit", f"{found.judged:.3f}", "", f"{found.count:,}", "1", _mark(found.judged == 1)
    )
    table.add_row(
        "说了公司名以外的话，原因不是 other: says more than the company's name, cause not other", f"{found.named:.3f}",
        f"{found.low:.3f} – {found.high:.3f}", f"{found.telling:,}", f"{MUST:g}", _mark(found.named >= MUST),
    )  # fmt: skip
    return table


def _mark(met: bool) -> str:
    return "✔" if met else "✘"


def _figures(one: Of) -> Table:
    table = Table(title=f"{_SYSTEMS[one.system]} · {one.rows} · {one.count:,}", title_justify="left")
    for heading in ("", "value", "95 %", "rows", "must", "aim", ""):
        table.add_column(heading, justify="right" if heading else "left")
    for figure in one.figures:
        table.add_row(
            _NAMES[figure.id], f"{figure.value:.3f}", f"{figure.low:.3f} – {figure.high:.3f}", f"{figure.rows:,}",
            f"{figure.must:g}", f"{figure.aim:g}", _verdict(figure),
        )  # fmt: skip
    return table


def _verdict(figure: Measured) -> str:
    if figure.aim_met:
        return "★"
    return _mark(figure.met)


def _confusion(name: str, found: Confusion) -> Table:
    table = Table(title=f"{name}: 行为标注，列为研判 rows as labelled, columns as judged", title_justify="left")
    table.add_column("")
    for heading in found.names:
        table.add_column(heading, justify="right")
    for label, counts in zip(found.names, found.counts, strict=True):
        table.add_row(label, *(str(count) if count else "·" for count in counts))
    return table


def _worst(one: Of) -> Table:
    table = Table(title="最差的行，只有编号 the worst rows, by id alone", title_justify="left")
    for heading in ("id", "", "错在 wrong"):
        table.add_column(heading)
    for worst in one.worst:
        table.add_row(worst.id, str(worst.badness), ", ".join(worst.wrong))
    return table
