"""`kesu publish`: submissions of one type, one JSON object a line, put on `kesu.submissions`."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import msgspec
import typer
from msgspec import Struct
from rich.text import Text

from kesu.cli.said_clearly import errors, said_clearly
from kesu.cli.where import BOOTSTRAP, CLOCK_FILE, located
from shared.clock import Clock, open_clock
from shared.errors import Stopped
from shared.events.submissions import SUBMISSIONS, Submission
from shared.log.access import Brokers
from shared.log.producer import LogProducer
from shared.log.submissions import submitted
from shared.pipeline.decoding import without_values
from shared.pipeline.records import Outgoing

LINE_BYTES_MAX: Final = 1_000_000
BATCH_RECORDS: Final = 500
REFUSED_SHOWN_MAX: Final = 20
SOME_REFUSED: Final = 2

Kind = Annotated[
    str, typer.Argument(metavar="TYPE", help="提交类型 | its type: " + ", ".join(t.split(".")[2] for t in SUBMISSIONS))
]
File = Annotated[
    str, typer.Argument(metavar="FILE|-", help="NDJSON 文件，- 为标准输入 | a file of NDJSON, - for standard input")
]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON | JSON on standard output")]


class RefusedLine(Struct, frozen=True):
    """A line that is no such submission; `reason` quotes nothing of it."""

    line: int
    reason: str


class Published(Struct):
    """What became of the lines."""

    type: str
    sent: int = 0
    refused: list[RefusedLine] = []


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("publish", help="把提交（NDJSON）发到 kesu.submissions | Put submissions (NDJSON) on kesu.submissions")(
        _publish
    )


def _publish(
    kind: Kind,
    file: File = "-",
    kafka_bootstrap: BOOTSTRAP = "",
    clock_file: CLOCK_FILE = None,
    as_json: AsJson = False,
) -> None:
    """Exit status 0: all lines are sent; 2: some are refused, the others sent."""
    with said_clearly():
        at = located("", kafka_bootstrap, clock_file)
        done = Published(_full_type(kind))
        with _opened(file) as lines:
            asyncio.run(_send(lines, done, at.brokers, open_clock(at.clock_file)))
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(done) + b"\n")
    else:
        sys.stdout.write(f"✓ {done.sent} 条已发送 | sent\n")
        for one in done.refused[:REFUSED_SHOWN_MAX]:
            errors.print(Text(f"✗ 第 {one.line} 行 | line {one.line}: {one.reason}"))
        if len(done.refused) > REFUSED_SHOWN_MAX:
            errors.print(Text(f"✗ 共拒 {len(done.refused)} 行 | {len(done.refused)} lines refused in all"))
    raise typer.Exit(SOME_REFUSED if done.refused else 0)


async def _send(lines: BinaryIO, done: Published, brokers: Brokers, clock: Clock) -> None:
    # Not idempotent: the embedded broker knows no such producers, and what is sent twice counts once.
    producer = LogProducer(brokers=brokers, source="/kesu/publish", clock=clock, idempotent=False)
    await producer.start()
    try:
        batch: list[Outgoing] = []
        for submission in _submissions(lines, done):
            batch.append(submitted(done.type, submission, at=clock.now()))
            if len(batch) == BATCH_RECORDS:
                await producer.publish(batch)
                done.sent += len(batch)
                batch = []
        await producer.publish(batch)
        done.sent += len(batch)
    finally:
        await producer.stop()


def _submissions(lines: BinaryIO, done: Published) -> Iterator[Submission]:
    """What the lines say; those that say nothing of the kind are noted in `done`."""
    decode = msgspec.json.Decoder(SUBMISSIONS[done.type]).decode
    number = 0
    while line := lines.readline(LINE_BYTES_MAX + 1):
        number += 1
        if len(line) > LINE_BYTES_MAX:
            done.refused.append(RefusedLine(number, f"longer than {LINE_BYTES_MAX} bytes"))
            while line and not line.endswith(b"\n"):
                line = lines.readline(LINE_BYTES_MAX + 1)
        elif line.strip():
            try:
                yield decode(line)
            except UnicodeDecodeError:
                done.refused.append(RefusedLine(number, "not UTF-8"))
            except (msgspec.DecodeError, RecursionError) as error:
                done.refused.append(RefusedLine(number, without_values(str(error))))


def _full_type(kind: str) -> str:
    full = kind if kind in SUBMISSIONS else f"kesu.submission.{kind}.v1"
    if full not in SUBMISSIONS:
        known = ", ".join(name.split(".")[2] for name in SUBMISSIONS)
        raise Stopped(
            "unknown_type",
            zh=f"没有提交类型 {kind}；可用：{known}",
            en=f"there is no submission {kind}; there are: {known}",
        )
    return full


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise Stopped("file_unreadable", zh=f"读不出文件 {file}", en=f"{file} cannot be read") from error
