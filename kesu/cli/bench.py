"""`kesu bench`: what a complaint costs on this machine."""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from kesu.bench.report import Report
from kesu.bench.run import PARTS, Wish, bench
from kesu.bench.servers import Servers
from kesu.cli.said_clearly import errors, said_clearly

MISSED = 2


def register(app: typer.Typer) -> None:
    """Add `bench` to the command line."""
    app.command("bench", help="量一量：每件投诉的 CPU、延迟、吞吐 | Measure CPU per complaint, latency and throughput")(
        _bench
    )


def _bench(
    complaints: Annotated[
        int, typer.Option(min=100, help="预先放入的投诉数 | complaints that wait on the topic")
    ] = 50_000,
    runs: Annotated[int, typer.Option(min=1, max=9, help="轮数，取中位数 | runs; the median counts")] = 3,
    seed: Annotated[int, typer.Option(help="随机种子 | seed of the generator")] = 1,
    part: Annotated[list[str] | None, typer.Option(help=f"只量其中几项 | only these: {', '.join(PARTS)}")] = None,
    broker: Annotated[
        Servers,
        typer.Option(help="嵌入式，或容器中的 Kafka 与 PostgreSQL | embedded, or Kafka and PostgreSQL in containers"),
    ] = Servers.EMBEDDED,
    json: Annotated[bool, typer.Option("--json", help="标准输出只有 JSON | the report alone, as JSON")] = False,
) -> None:
    """Exit status 0: every `must` is met; 2: one is not."""
    unknown = set(part or ()) - set(PARTS)
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: {', '.join(PARTS)}", param_hint="--part")
    wish = Wish(parts=tuple(part or PARTS), complaints=complaints, runs=runs, seed=seed, servers=broker)
    with said_clearly():
        report = asyncio.run(bench(wish, tell=lambda line: errors.print(line, highlight=False)))
    if json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    else:
        _show(report, Console())
    raise typer.Exit(MISSED if any(not row.met for row in report.rows if row.must is not None) else 0)


def _show(report: Report, console: Console) -> None:
    table = Table(title="  ".join(f"{name} {value}" for name, value in report.machine.items()), title_justify="left")
    for heading in ("", "value", "must", "aim", ""):
        table.add_column(heading, justify="right" if heading else "left")
    for row in report.rows:
        must = "–" if row.must is None else f"{row.must:,g}"
        table.add_row(row.what, f"{row.value:,.6g} {row.unit}", must, f"{row.aim:,g}", "✔" if row.met else "✘")
    console.print(table)
