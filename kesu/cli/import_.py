"""`kesu import`: a file of complaints becomes submissions on the log."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from kesu.cli.said_clearly import errors, said_clearly
from kesu.cli.where import brokers_of
from kesu.importing.errors import CannotImport
from kesu.importing.findings import FILE, NOTES, REFUSED
from kesu.importing.mapping_files import load_mapping
from kesu.importing.run import Job, Summary, import_file
from kesu.importing.sink import KafkaSink, NowhereSink
from shared.clock import SystemClock
from shared.errors import NotNow
from shared.log.access import Brokers
from shared.log.producer import LogProducer

_HELP = """把投诉文件导入：CSV（可 .gz）或 NDJSON | Import a file of complaints: CSV (.gz too) or NDJSON.

每一条被拒的行都写进报告；中断后再运行会接着做 | Every refused row is named in the report; run it again after an interruption and it goes on.
"""
Bootstrap = Annotated[str, typer.Option(envvar="KESU_KAFKA_BOOTSTRAP", help="Kafka 地址 | where the cluster is")]
File = Annotated[Path, typer.Argument(help="要导入的文件 | the file", show_default=False)]
MappingName = Annotated[
    str,
    typer.Option(
        "--mapping", "-m", help="自带映射的名字，或映射文件 | a mapping's name, or its file", show_default=False
    ),
]
Source = Annotated[str, typer.Option(help="来源名，默认用映射里的 | the source's name; the mapping's by default")]
Tenant = Annotated[str, typer.Option(help="委托方，默认用映射里的 | the tenant; the mapping's by default")]
ReportPath = Annotated[
    Path | None,
    typer.Option("--report", help="报告（NDJSON），默认 ./文件名.report.ndjson | ./FILE.report.ndjson by default"),
]
Resume = Annotated[bool, typer.Option(help="接着上次没做完的做 | go on where an earlier run stopped")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，不发送 | only check, send nothing")]
AsJson = Annotated[
    bool, typer.Option("--json", help="标准输出只给 JSON 小结 | the summary alone, as JSON, on standard output")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", help=_HELP)(_import)


def _import(
    file: File,
    mapping: MappingName,
    source: Source = "",
    tenant: Tenant = "",
    report: ReportPath = None,
    resume: Resume = True,
    dry_run: DryRun = False,
    bootstrap: Bootstrap = "127.0.0.1:9092",
    as_json: AsJson = False,
) -> None:
    try:
        with said_clearly():
            job = Job(
                path=file,
                loaded=load_mapping(mapping),
                report=report or Path.cwd() / f"{file.name}.{'dry-run' if dry_run else 'report'}.ndjson",
                source=source,
                tenant=tenant,
                to=bootstrap,
                resume=resume,
                dry_run=dry_run,
            )
            summary = asyncio.run(_run(job, brokers_of(bootstrap)))
    except CannotImport as error:
        errors.print(Text(f"✗ {error.code}", style="bold red"))
        errors.print(Text(error.zh))
        errors.print(Text(error.en))
        raise typer.Exit(1) from error
    if as_json:
        sys.stdout.write(msgspec.json.encode(summary).decode() + "\n")
    else:
        _print(summary, dry_run=dry_run)


async def _run(job: Job, brokers: Brokers) -> Summary:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        size = job.path.stat().st_size if job.path.is_file() else 0
        task = bar.add_task(job.path.name, total=size)

        def watch(read_bytes: int) -> None:
            bar.update(task, completed=read_bytes)

        if job.dry_run:
            return await import_file(job, NowhereSink(), SystemClock(), watch=watch)
        # Not idempotent: the embedded broker knows no such producers, and what is sent twice counts once.
        producer = LogProducer(brokers=brokers, source="/kesu/import", clock=SystemClock(), idempotent=False)
        await producer.start()
        try:
            return await import_file(job, KafkaSink(producer), SystemClock(), watch=watch)
        except NotNow as error:
            raise NotNow(
                f"{error}；进度已保存，再运行一次就会接着做 | progress is kept: run it again to go on"
            ) from error
        finally:
            await producer.stop()


def _print(summary: Summary, *, dry_run: bool) -> None:
    out = Console()
    rate = summary.rows / summary.seconds if summary.seconds else 0
    sent = "可发送 | would be sent" if dry_run else "已发送 | sent"
    table = Table(show_header=False, box=None)
    table.add_row("读到 | rows", f"{summary.rows:,}")
    table.add_row(sent, f"{summary.sent:,}")
    table.add_row("被拒 | refused", f"{summary.refused:,}")
    if summary.went_on_from_row:
        table.add_row("接着第几行 | went on after row", f"{summary.went_on_from_row:,}")
    table.add_row("用时 | took", f"{summary.seconds:.1f} s, {rate:,.0f}/s")
    out.print(table)
    for code, number in sorted(summary.codes.items(), key=lambda found: -found[1]):
        zh, en = (REFUSED | NOTES | FILE)[code]
        out.print(Text(f"  {'✗' if code in REFUSED else '!'} {number:,}  {code}  {zh} | {en}"))
    if summary.rows and summary.went_on_from_row == summary.rows:
        out.print(Text("上次已全部做完；要重发用 --no-resume | all done before; --no-resume sends it again"))
    if summary.codes:
        out.print(Text(f"报告 | report: {summary.report}"))
