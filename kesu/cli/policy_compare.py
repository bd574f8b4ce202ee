"""`kesu policy compare`: how a file of complaints would come out under another pack."""

import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kesu.assessing.opened import Opened
from kesu.assessing.run import Assessor
from kesu.cli.assess import Encoding
from kesu.cli.said_clearly import said_clearly
from kesu.importing.errors import CannotImport
from kesu.policies.comparing import FIELDS, Change, Comparison
from services.routing.policy.errors import PackError
from services.routing.policy.pack import load_pack
from shared.clock import SystemClock
from shared.errors import Stopped

TURNS_SHOWN_MAX: Final = 8  # of each field

Before = Annotated[str, typer.Argument(metavar="OLD", help="原策略包 | the pack before: a folder or a name")]
After = Annotated[str, typer.Argument(metavar="NEW", help="新策略包 | the pack after")]
File = Annotated[
    str, typer.Argument(metavar="FILE|-", help="投诉文件（NDJSON、CSV），同 kesu assess | the rows, as for kesu assess")
]
FileEncoding = Annotated[Encoding, typer.Option(help="文件编码 | the encoding of the file")]
AsJson = Annotated[
    bool, typer.Option("--json", help="逐行输出有变化的投诉（NDJSON）| one line of JSON per row that changes")
]


def compare(
    before: Before, after: After, file: File, encoding: FileEncoding = "utf-8", as_json: AsJson = False
) -> None:
    """Nothing is activated and no service is asked."""
    with said_clearly():
        comparison = Comparison(_assessor(before), _assessor(after))
        try:
            opened = Opened(file, encoding=encoding)
            with closing(opened.source):
                for changed in comparison.run(opened):
                    if as_json:
                        sys.stdout.buffer.write(msgspec.json.encode(changed) + b"\n")
        except CannotImport as error:
            raise Stopped(error.code, zh=error.zh, en=error.en) from error
    _say(comparison, Console(stderr=as_json))


def _assessor(which: str) -> Assessor:
    try:
        return Assessor(load_pack(which), now=SystemClock().now())
    except PackError as problem:
        raise Stopped("pack_not_usable", zh=problem.texts["zh"], en=problem.texts["en"]) from problem


def _say(comparison: Comparison, console: Console) -> None:
    console.print(
        Text(
            f"{comparison.rows:,} 行，{comparison.changed:,} 行有变化，{comparison.unjudged:,} 行无法研判 | "
            f"{comparison.rows:,} rows, {comparison.changed:,} change, {comparison.unjudged:,} could not be judged",
            style="bold",
        )
    )
    if comparison.turns:
        console.print(_table(comparison))


def _table(comparison: Comparison) -> Table:
    shown = Table(show_header=True)
    for column in ("字段 | field", "原 | before", "新 | after", "行 | rows"):
        shown.add_column(column, overflow="fold", justify="right" if "rows" in column else "left")
    for field in FIELDS:
        for change, count in _most(comparison, field):
            shown.add_row(field, Text(_told(change.before)), Text(_told(change.after)), f"{count:,}")
    return shown


def _most(comparison: Comparison, field: str) -> Iterator[tuple[Change, int]]:
    of_field = ((change, count) for change, count in comparison.turns.most_common() if change.field == field)
    for number, found in enumerate(of_field):
        if number == TURNS_SHOWN_MAX:
            return
        yield found


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
