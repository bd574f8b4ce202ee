"""What the person in front of the demo sees."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from deploy.embedded.environment import HTTP_PORTS
from kesu.demo.driver import Told
from kesu.demo.session import Plan

if TYPE_CHECKING:
    from kesu.demo.summary import Summary

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# Parts of reporting's summary, in the order shown.
BLOCKS: Final = (
    ("kinds", "受理", "received"),
    ("severities", "严重程度", "severity"),
    ("causes", "原因", "causes"),
    ("strategies", "策略", "strategy"),
    ("cross_levels", "越级", "cross-level"),
    ("units", "责任单位", "units"),
    ("promises", "承诺", "promises"),
    ("callbacks", "回访", "callbacks"),
    ("callback_outcomes", "回访结果", "outcomes"),
    ("rates", "指标", "rates"),
)
ROWS_MAX: Final = 10  # of one table; the rest is summed up
WEEKDAYS: Final = ("一 Mon", "二 Tue", "三 Wed", "四 Thu", "五 Fri", "六 Sat", "日 Sun")


class Screen:
    """Progress while it runs, a summary at the end."""

    def __init__(self, console: Console, plan: Plan) -> None:
        self._console = console
        self._plan = plan
        self._progress: Progress | None = None

    @contextmanager
    def starting(self) -> Iterator[None]:
        """While the stack starts."""
        self._console.print(
            Panel(
                Text.assemble(
                    ("Kesu 客诉\n", "bold"),
                    f"{self._plan.complaints:,} 条提交 submissions · 种子 seed {self._plan.seed} · ",
                    "真实的 PostgreSQL、Kafka 协议与四个服务进程，虚拟时钟\n",
                    "a real PostgreSQL, the Kafka protocol and four service processes, under a virtual clock",
                ),
                border_style="cyan",
            )
        )
        with self._console.status("启动数据库、消息代理与四个服务 | starting database, broker and four services"):
            yield

    @contextmanager
    def passing(self) -> Iterator[None]:
        """While weeks pass."""
        columns = (
            TextColumn("{task.description}"), BarColumn(bar_width=32), MofNCompleteColumn(), TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
        )  # fmt: skip
        with Progress(*columns, console=self._console, refresh_per_second=8) as progress:
            self._progress = progress
            days = (self._plan.until - self._plan.start) // timedelta(days=1)
            self._sent = progress.add_task("提交与事实 submitted", total=None, note="")
            self._days = progress.add_task("虚拟日期 day", total=days, note="")
            yield
            progress.update(self._days, completed=days)
        self._progress = None

    def told(self, told: Told) -> None:
        """How far it is now."""
        if self._progress is None:
            return
        local = told.now.astimezone(SHANGHAI)
        day = (told.now - self._plan.start) / timedelta(days=1)
        when = f"{local:%m-%d %H:%M} 周{WEEKDAYS[local.weekday()]}"
        self._progress.update(self._days, completed=int(day), note=when)
        self._progress.update(self._sent, completed=told.submitted, note=f"{told.seen:,} 个事件 events")

    def summary(self, summary: "Summary") -> None:
        """The figures."""
        report, figures = summary.verification, summary.figures
        blocks = [_block(zh, en, figures[name]) for name, zh, en in BLOCKS if figures.get(name)]
        self._console.print(Columns(blocks, padding=(0, 3)))
        verdict = Text()
        if report.ok:
            verdict.append(
                f"✔ 核对通过：{report.events:,} 个事件无丢失、无重复、无乱序，每件未结投诉都有未到期的承诺\n"
                f"  verified: {report.events:,} events, none lost, doubled or out of order; "
                "every open complaint has an open promise\n",
                "green",
            )
        for found in report.findings:
            verdict.append(
                f"✘ {found.code} ×{found.count}: {found.zh} | {found.en}  {', '.join(found.examples)}\n", "red"
            )
        verdict.append(
            f"{summary.submitted:,} 条进入，{summary.seconds:.0f} 秒，时钟停 {summary.clock_stops:,} 次 | "
            f"{summary.submitted:,} submitted in {summary.seconds:.0f} s, {summary.clock_stops:,} stops of the clock"
        )
        self._console.print(verdict)

    def staying(self) -> None:
        """Where to look now."""
        table = Table(
            title="仍在运行，Ctrl-C 结束 | still running, Ctrl-C ends it", title_justify="left", show_header=False
        )
        for name, port in HTTP_PORTS.items():
            table.add_row(name, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/docs")
        self._console.print(table)


def _block(zh: str, en: str, rows: Mapping[str, Any]) -> Table:
    """One small table; rates as they are, counts with separators, the most frequent first."""
    table = Table(title=f"{zh} {en}", title_justify="left", title_style="bold cyan", show_header=False, box=SIMPLE_HEAD)
    table.add_column()
    table.add_column(justify="right")
    for key, value in list(rows.items())[:ROWS_MAX]:
        table.add_row(key.replace("_", " "), f"{value:,}" if isinstance(value, int) else f"{value:g}")
    if (more := list(rows.values())[ROWS_MAX:]) and all(isinstance(value, int) for value in more):
        table.add_row(f"… {len(more)} 项 more", f"{sum(more):,}")
    return table
