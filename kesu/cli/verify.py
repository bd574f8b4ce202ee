"""`kesu verify`: is the log whole, and does every table agree with it?"""

import asyncio
import gc
import sys
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kesu.cli.exit_status import FOUND_SOMETHING
from kesu.cli.said_clearly import said_clearly
from kesu.cli.where import BOOTSTRAP, CLOCK_FILE, DATABASE_URL, located
from kesu.verify.progress import Stage
from kesu.verify.report import Report
from kesu.verify.run import WAIT_S, verify
from shared.clock import open_clock

STAGES: Final[dict[Stage, str]] = {
    "log": "读日志 reading the log",
    "waiting": "等各服务读到末尾 waiting for readers",
    "tables": "读各库 reading tables",
    "newer": "读新到的 reading what came since",
    "events": "核对事件 comparing events",
    "complaints": "核对投诉 comparing complaints",
}
SPILL = Annotated[
    Path | None,
    typer.Option(
        "--spill", envvar="KESU_SPILL_DIR",
        help="临时文件所在目录，约需日志的三分之一 | where to put aside about a third of the log's bytes",
    ),
]  # fmt: skip
WAIT = Annotated[
    float, typer.Option("--wait", min=0, max=86_400, help="最多等各服务这么多秒 | seconds that readers get to come to the end")
]  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add `verify` to the command line."""
    app.command("verify", help="核对：日志无丢失、无重复、无乱序，各库与之一致 | Nothing lost, doubled or out of order, and every table agrees")(_verify)  # fmt: skip


def _verify(
    database_url: DATABASE_URL = "",
    kafka_bootstrap: BOOTSTRAP = "",
    clock_file: CLOCK_FILE = None,
    spill: SPILL = None,
    wait: WAIT = WAIT_S,
    json: Annotated[bool, typer.Option("--json", help="JSON 输出 | report as JSON")] = False,
) -> None:
    """Exit status 0: all holds; 2: something was found; 1: it could not be looked at."""
    gc.set_threshold(50_000, 20, 50)  # millions of small values that are no cycles: a fifth of the time otherwise
    with said_clearly():
        at = located(database_url, kafka_bootstrap, clock_file)
        with OnScreen(Console(stderr=True)) as watched:
            report = asyncio.run(
                verify(
                    database_url=at.database_url, brokers=at.brokers, clock=open_clock(at.clock_file),
                    spill_dir=spill, wait_s=wait, watched=watched,
                )
            )  # fmt: skip
    if json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    else:
        show(report, Console())
    raise typer.Exit(0 if report.ok else FOUND_SOMETHING)


class OnScreen(Progress):
    """Progress on a terminal: the stages so far, how far each is, how many a second. Elsewhere it says nothing."""

    def __init__(self, console: Console) -> None:
        self._stage: TaskID | None = None
        super().__init__(
            TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.completed:,.0f}"), _PerSecond(),
            TimeElapsedColumn(), console=console, disable=not console.is_terminal,
        )  # fmt: skip

    def begin(self, stage: Stage, total: int | None) -> None:
        """The stage before is over, this one begins."""
        self._end()
        self._stage = self.add_task(STAGES[stage], total=total)

    def count(self, steps: int) -> None:
        """So many more."""
        if self._stage is not None:
            self.advance(self._stage, steps)

    def _end(self) -> None:
        if self._stage is not None:
            done = self._tasks[self._stage].completed
            self.update(self._stage, total=done or 1, completed=done or 1)
            self.stop_task(self._stage)


class _PerSecond(TextColumn):
    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: object) -> Text:
        speed = getattr(task, "finished_speed", None) or getattr(task, "speed", None)
        return Text(f"{speed:,.0f}/s" if speed else "", style="dim")


def show(report: Report, console: Console) -> None:
    """The report for a person."""
    figures = Table(
        show_header=False, title=f"{report.cluster} · {report.at:%Y-%m-%d %H:%M:%S} UTC", title_justify="left"
    )
    for zh, en, value in _figures(report):
        figures.add_row(f"{zh} {en}", value)
    console.print(figures)
    for finding in report.findings:
        console.print(f"[red]✘ {finding.code}[/red] ×{finding.count}  {finding.zh} | {finding.en}")
        for place in finding.examples:
            console.print(f"    {place}", markup=False)
    if report.ok:
        console.print("[green]✔ 核对通过 | all holds[/green]")


def _figures(report: Report) -> list[tuple[str, str, str]]:
    out, lapses = report.left_out, report.lapses
    rows = [
        ("日志上的事件", "events on the log", f"{report.events:,}"),
        ("其中重复发布（无害）", "published again (harmless)", f"{report.repeated:,}"),
        ("档案中的事件", "events in the archive", f"{report.archived:,}"),
        ("投诉", "complaints", f"{report.complaints:,}"),
        ("未结投诉", "open complaints", f"{report.open_complaints:,}"),
        ("承诺", "promises", f"{report.promises:,}"),
        ("未到期承诺", "open promises", f"{report.open_promises:,}"),
        ("失约", "promises broken", f"{lapses.count:,}"),
        ("死信", "dead letters", f"{report.dead_letters:,}"),
        ("核对期间新到、未核对的事件", "newer events, left out", f"{out.newer_events:,}"),
        ("其中涉及的投诉", "complaints that went on", f"{out.newer_complaints:,}"),
        ("临时文件", "put aside on disk", f"{report.spilled_bytes / 1e6:,.1f} MB"),
    ]
    if lapses.p99_s is not None and lapses.max_s is not None:
        rows.insert(8, ("失约判定的延迟", "judged after", f"p99 {lapses.p99_s:,.3f} s, max {lapses.max_s:,.3f} s"))
    if out.unread_events or out.unread_complaints:
        rows.append(("尚未读到、未核对的事件", "unread events, left out", f"{out.unread_events:,}"))
        rows.append(("其中涉及的投诉", "complaints not read to the end", f"{out.unread_complaints:,}"))
    return rows
