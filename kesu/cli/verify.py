"""`kesu verify`: is the log whole, and does every table agree with it?"""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from kesu.cli.said_clearly import said_clearly
from kesu.cli.where import BOOTSTRAP, CLOCK_FILE, DATABASE_URL, located
from kesu.verify.run import Report, verify
from shared.clock import open_clock

FOUND_SOMETHING = 2


def register(app: typer.Typer) -> None:
    """Add `verify` to the command line."""
    app.command("verify", help="核对：日志无丢失、无重复、无乱序，各库与之一致 | Nothing lost, doubled or out of order, and every table agrees")(_verify)  # fmt: skip


def _verify(
    database_url: DATABASE_URL = "",
    kafka_bootstrap: BOOTSTRAP = "",
    clock_file: CLOCK_FILE = None,
    json: Annotated[bool, typer.Option("--json", help="JSON 输出 | report as JSON")] = False,
) -> None:
    """Exit status 0: all holds; 2: something was found; 1: it could not be looked at."""
    with said_clearly():
        at = located(database_url, kafka_bootstrap, clock_file)
        clock = open_clock(at.clock_file)
        report = asyncio.run(verify(database_url=at.database_url, bootstrap=at.bootstrap, clock=clock))
    if json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    else:
        show(report, Console())
    raise typer.Exit(0 if report.ok else FOUND_SOMETHING)


def show(report: Report, console: Console) -> None:
    """The report for a person."""
    figures = Table(
        show_header=False, title=f"{report.cluster} · {report.at:%Y-%m-%d %H:%M:%S} UTC", title_justify="left"
    )
    for zh, en, value in (
        ("日志上的事件", "events on the log", report.events),
        ("其中重复发布（无害）", "published again (harmless)", report.repeated),
        ("档案中的事件", "events in the archive", report.archived),
        ("投诉", "complaints", report.complaints),
        ("未结投诉", "open complaints", report.open_complaints),
        ("承诺", "promises", report.promises),
        ("未到期承诺", "open promises", report.open_promises),
        ("死信", "dead letters", report.dead_letters),
    ):
        figures.add_row(f"{zh} {en}", f"{value:,}")
    console.print(figures)
    for finding in report.findings:
        console.print(f"[red]✘ {finding.code}[/red] ×{finding.count}  {finding.zh} | {finding.en}")
        for place in finding.examples:
            console.print(f"    {place}")
    if report.ok:
        console.print("[green]✔ 核对通过 | all holds[/green]")
