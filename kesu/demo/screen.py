"""What the person in front of the demo sees."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console, Group
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
        report = summary.verification
        tables = [_table(name, rows) for name, rows in _sections(summary.figures).items()]
        verdict = (
            Text(f"✔ 核对通过：{report.events:,} 个事件无丢失、无重复、无乱序，每件未结投诉都有未到期的承诺\n"
                 f"  verified: {report.events:,} events, none lost, doubled or out of order; every open complaint has an open promise", "green")
            if report.ok
            else Text("\n".join(f"✘ {f.code} ×{f.count}: {f.zh} | {f.en} {', '.join(f.examples)}" for f in report.findings), "red")
        )  # fmt: skip
        rate = f"{summary.submitted / summary.seconds:,.0f}"
        speed = Text(
            f"\n{summary.submitted:,} 条进入 submissions · {summary.clock_stops:,} 次跳时 clock stops · {summary.seconds} s · {rate}/s"
        )
        self._console.print(Group(*tables, verdict, speed))

    def staying(self) -> None:
        """Where to look now."""
        table = Table(
            title="仍在运行，Ctrl-C 结束 | still running, Ctrl-C ends it", title_justify="left", show_header=False
        )
        for name, port in HTTP_PORTS.items():
            table.add_row(name, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/docs")
        self._console.print(table)


def _sections(figures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: value for name, value in figures.items() if isinstance(value, dict) and name != "as_of"}


def _table(name: str, rows: dict[str, Any]) -> Table:
    table = Table(title=name, title_justify="left", show_header=False, min_width=44)
    for key, value in rows.items():
        table.add_row(str(key), f"{value:,}" if isinstance(value, int) else str(value))
    return table
