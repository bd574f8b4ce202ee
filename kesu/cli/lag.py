"""`kesu lag`: how far each service is behind the log, in records and in time."""

import asyncio
import sys
import time
from datetime import timedelta
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from kesu.cli.exit_status import FOUND_SOMETHING
from kesu.cli.said_clearly import said_clearly
from kesu.cli.where import BOOTSTRAP, CLOCK_FILE, DATABASE_URL, Where, located
from kesu.lag.measure import READS, measure
from kesu.lag.report import LagReport, PartitionLag, ServiceLag
from shared.clock import open_clock
from shared.errors import Stopped

COLUMNS: Final = (
    ("服务", "service", "left"), ("主题", "topic", "left"), ("分区", "part.", "right"), ("位置", "position", "right"),
    ("末尾", "end", "right"), ("落后", "behind", "right"), ("最早未处理", "oldest", "right"),
    ("已处理至 (UTC)", "read through", "left"), ("Kafka 位移", "committed", "right"), ("持有者", "held by", "left"),
)  # fmt: skip
HTTP = Annotated[
    list[str] | None,
    typer.Option(
        "--http", metavar="SERVICE=URL", help="服务的 HTTP 地址，可重复 | where a service answers; repeatable"
    ),
]
WATCH = Annotated[
    float | None, typer.Option("--watch", min=0.5, metavar="SECONDS", help="每隔几秒再看一次 | look again every so often")
]  # fmt: skip
MAX = Annotated[int | None, typer.Option("--max", min=0, help="落后超过这么多条则退出码 2 | status 2 beyond so many records")]  # fmt: skip
MAX_AGE = Annotated[float | None, typer.Option("--max-age", min=0, help="最早未处理超过这么多秒则退出码 2 | status 2 beyond so many seconds")]  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add `lag` to the command line."""
    app.command("lag", help="各服务落后日志多少：条数与时间 | How far each service is behind the log, in records and in time")(_lag)  # fmt: skip


def _lag(
    database_url: DATABASE_URL = "",
    kafka_bootstrap: BOOTSTRAP = "",
    clock_file: CLOCK_FILE = None,
    http: HTTP = None,
    watch: WATCH = None,
    behind_max: MAX = None,
    age_max: MAX_AGE = None,
    json: Annotated[bool, typer.Option("--json", help="JSON 输出，每次一行 | JSON, a line each time")] = False,
) -> None:
    """Exit status 0; 2: a limit that was given is exceeded (by the last look); 1: it could not be looked at."""
    with said_clearly():
        at = located(database_url, kafka_bootstrap, clock_file)
        addresses = at.http | _addresses(http or [])
        report = _look(at, addresses)
        if watch is None:
            _say(report, json=json)
        else:
            report = _watch(at, addresses, report, every_s=watch, json=json)
    if report.exceeds(behind_max=behind_max, age_s_max=age_max):
        raise typer.Exit(FOUND_SOMETHING)


def _addresses(given: list[str]) -> dict[str, str]:
    """`SERVICE=URL`, … as a mapping; raises Stopped for what is none."""
    found = {}
    for one in given:
        service, _, url = one.partition("=")
        if service not in READS or not url.startswith(("http://", "https://")):
            raise Stopped(
                "no_such_address",
                zh=f"{one!r} 应写作 服务=地址，如 routing=http://127.0.0.1:8802",
                en=f"{one!r} is not SERVICE=URL, such as routing=http://127.0.0.1:8802",
            )
        found[service] = url
    return found


def _look(at: Where, http: dict[str, str]) -> LagReport:
    clock = open_clock(at.clock_file)
    return asyncio.run(measure(database_url=at.database_url, brokers=at.brokers, clock=clock, http=http))


def _watch(at: Where, http: dict[str, str], report: LagReport, *, every_s: float, json: bool) -> LagReport:
    """Look again and again until Ctrl-C; on a terminal in place, elsewhere one below the other.

    Whatever is away is said each time: an outage is when people watch.
    """
    console = Console()
    live = None if json or not console.is_terminal else Live(table_of(report), console=console, auto_refresh=False)
    try:
        if live:
            live.start(refresh=True)
        else:
            _say(report, json=json)
        while True:
            time.sleep(every_s)
            try:
                with said_clearly():
                    report = _look(at, http)
            except typer.Exit:
                continue
            if live:
                live.update(table_of(report), refresh=True)
            else:
                _say(report, json=json)
    except KeyboardInterrupt:
        return report
    finally:
        if live:
            live.stop()


def _say(report: LagReport, *, json: bool) -> None:
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        sys.stdout.flush()
    else:
        Console().print(table_of(report))


def table_of(report: LagReport) -> Table:
    """The report for a person."""
    table = Table(
        title=f"{report.cluster} · {report.at:%Y-%m-%d %H:%M:%S} UTC", title_justify="left",
        caption="\n".join(_of_service(name, one) for name, one in report.services.items()), caption_justify="left",
    )  # fmt: skip
    for zh, en, justify in COLUMNS:
        table.add_column(f"{zh}\n{en}", justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for one in report.partitions:
        table.add_row(*_cells(one), style="" if one.behind == 0 else "yellow")
    return table


def _cells(one: PartitionLag) -> tuple[str, ...]:
    return (
        one.service, one.topic, str(one.partition), _number(one.position), f"{one.end:,}", f"{one.behind:,}",
        _age(one.oldest_age_s) if one.behind else "", f"{one.read_through:%m-%d %H:%M:%S}", _number(one.committed),
        one.held_by,
    )  # fmt: skip


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _age(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else str(timedelta(seconds=round(seconds)))


def _of_service(name: str, one: ServiceLag) -> str:
    members = "?" if one.members is None else str(one.members)
    ready = {None: "", "ready": "就绪 ready", "not_ready": "未就绪 not ready", "no_answer": "无应答 no answer"}.get(
        one.ready, one.ready or ""
    )
    missing = f" ({', '.join(one.missing)})" if one.missing else ""
    return f"{name}: {members} 个实例 in the group  {ready}{missing}".rstrip()
