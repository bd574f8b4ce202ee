"""`kesu assess`: the texts of a file judged with a policy pack, without any service."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from kesu.assessing.errors import texts_of
from kesu.assessing.opened import STANDARD_INPUT, Opened
from kesu.assessing.run import Assessor, Summary, assess
from kesu.cli.refusing import errors, refuse
from kesu.importing.errors import CannotImport
from services.routing.policy.errors import PackError
from services.routing.policy.pack import load_pack
from shared.clock import SystemClock
from shared.events.intake import Channel

_HELP = """不启动任何服务，用策略包批量研判文本：NDJSON 或 CSV（可 .gz），"-" 读标准输入；每行一个 JSON，顺序不变 | Judge the texts of a file with a policy pack, no service needed: NDJSON or CSV (.gz too), "-" for standard input; one JSON line per row, in order.

每行要有 id 和 text；channel、created_at、customer、stated（坐席填写）、key_facts 有则用 | Rows have id and text; channel, created_at, customer, stated (the agent's own) and key_facts are used when there.
"""
# What a person does about a file that cannot be read at all, where the importer's own words speak of its mapping.
_SAID_OTHERWISE: Final[dict[str, tuple[str, str]]] = {
    "header_missing": (
        "找不到含 id 与 text 两列的表头，也不是每行一个 JSON 对象",
        "no header with the columns id and text, and no JSON object a line either",
    ),
    "encoding_wrong": (
        "文件不是这种编码：用 --encoding 指定 utf-8、gb18030 或 windows-1252；UTF-16 请先另存为 UTF-8",
        "the file is not in this encoding: name it with --encoding (utf-8, gb18030 or windows-1252); save UTF-16 as UTF-8",
    ),
}
Encoding = Literal["utf-8", "gb18030", "windows-1252"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("assess", help=_HELP)(_assess)


def _assess(
    file: Annotated[str, typer.Argument(help="文件，或 - | the file, or -", show_default=False)],
    pack: Annotated[
        Path | None,
        typer.Option(
            "--pack",
            help="策略包的文件夹，或自带包的名字，默认电信包 | folder of a policy pack, or the name of a default one; telecom by default",
        ),
    ] = None,
    channel: Annotated[
        Channel | None, typer.Option(help="未写渠道的行属于哪个渠道 | the channel of rows that name none")
    ] = None,
    encoding: Annotated[Encoding, typer.Option(help="文件的编码 | the file's encoding")] = "utf-8",
) -> None:
    """Exit status 0: read to its end, and rows that could not be judged have lines that say why; 1: it could not be read."""
    try:
        assessor = Assessor(load_pack(pack), now=SystemClock().now(), channel=channel)
        opened = Opened(file, encoding=encoding)
    except PackError as error:
        refuse("pack_invalid", zh=error.texts["zh"], en=error.texts["en"])
    except CannotImport as error:
        zh, en = _SAID_OTHERWISE.get(error.code, (error.zh, error.en))
        refuse(error.code, zh=zh, en=en)
    gc.freeze()  # the pack stays; what is made per row is no cycle
    out, at_once = sys.stdout.buffer, file == STANDARD_INPUT

    def write(line: bytes) -> None:
        out.write(line)
        if at_once:
            out.flush()

    try:
        with _progress(file) as watch:
            summary = assess(opened, assessor, write=write, watch=watch)
        out.flush()
    except CannotImport as error:
        refuse(error.code, zh=error.zh, en=error.en)
    finally:
        opened.source.close()
    _say(summary)


@contextmanager
def _progress(file: str) -> Iterator[Callable[[int, int], None]]:
    """Rows and, where the length is known, how far it is: on a terminal on which the lines themselves do not appear."""
    known = file != STANDARD_INPUT
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn()) if known else (TimeElapsedColumn(),)
    hidden = not errors.is_terminal or sys.stdout.isatty()
    rows = TextColumn("{task.description} {task.fields[rows]:,}")
    with Progress(rows, *columns, console=errors, transient=True, disable=hidden) as bar:
        task = bar.add_task(Path(file).name, total=Path(file).stat().st_size if known else None, rows=0)
        yield lambda rows, read_bytes: bar.update(task, completed=read_bytes, rows=rows)


def _say(summary: Summary) -> None:
    rate = summary.rows / summary.seconds if summary.seconds else 0.0
    errors.print(
        f"研判 {summary.judged:,} / {summary.rows:,} 行 | judged {summary.judged:,} of {summary.rows:,} rows  "
        f"({summary.seconds:.1f} s, {rate:,.0f}/s)",
        highlight=False,
    )
    for mark, counted in (("✗", summary.faults), ("!", summary.notes)):
        for code, count in sorted(counted.items(), key=lambda one: -one[1]):
            zh, en = texts_of(code)
            errors.print(Text(f"  {mark} {count:,}  {code}  {zh} | {en}"))
