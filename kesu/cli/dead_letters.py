"""`kesu dead-letters`: list what could not be used, show one, and drive them again to the consumer that failed."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kesu.cli.said_clearly import errors, said_clearly
from kesu.cli.where import BOOTSTRAP, Where, located
from kesu.letters import all_letters, chosen, content_of, listed, redrive
from shared.clock import SystemClock
from shared.errors import Stopped
from shared.log.producer import LogProducer
from shared.pipeline.dead_letters import Content, DeadLetter
from shared.vault import open_vault

Consumer = Annotated[str, typer.Option(help="只看此消费者的 | only of this consumer (intake, routing, …)")]
Code = Annotated[str, typer.Option(help="只看此原因的 | only with this reason")]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON | JSON on standard output")]
KeyFile = Annotated[
    Path | None,
    typer.Option(envvar="KESU_MASTER_KEY_FILE", help="主密钥文件 | the file of the master key"),
]
NOT_ALL = 2


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list", help="列出死信 | List the dead letters")(_list)
    group.command("show", help="看一条死信 | Show one dead letter")(_show)
    group.command("redrive", help="重新投递给当初失败的消费者 | Drive them again, to the consumer that failed alone")(
        _redrive
    )
    app.add_typer(
        group, name="dead-letters", help="死信：列出、查看、重新投递 | What could not be used: list, show, redrive"
    )


def _list(consumer: Consumer = "", code: Code = "", kafka_bootstrap: BOOTSTRAP = "", as_json: AsJson = False) -> None:
    with said_clearly():
        letters = asyncio.run(_some(located("", kafka_bootstrap), (), consumer=consumer, code=code))
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode([listed(one) for one in letters]) + b"\n")
        return
    table = Table(title=f"{len(letters)} 条死信 | dead letters", title_justify="left")
    for column in ("号 | id", "消费者 | consumer", "位置 | place", "原因 | reason", "说明 | detail", "时间 UTC | at"):
        table.add_column(column, overflow="fold")
    for one in letters:
        table.add_row(
            one.id[:8], one.consumer, _place(one), one.code, Text(one.detail), f"{one.dead_at:%Y-%m-%d %H:%M:%S}"
        )
    Console().print(table)


def _show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="死信号，可只写开头 | its id, or the beginning of it")],
    with_content: Annotated[
        bool, typer.Option("--content", help="解封原文，可能含个人信息 | open what it held; may be personal")
    ] = False,
    kafka_bootstrap: BOOTSTRAP = "",
    master_key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    with said_clearly():
        at = located("", kafka_bootstrap, None, master_key_file)
        (letter,) = asyncio.run(_some(at, [id_]))
        content = asyncio.run(_content(at, letter)) if with_content else None
    shown = listed(letter) | ({"record": _readable(content)} if content else {})
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(shown) + b"\n")
    else:
        Console().print_json(msgspec.json.encode(shown).decode())
    if with_content and content is None:
        errors.print("没有留下内容 | nothing of it was kept")


def _redrive(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="死信号 | their ids, or beginnings of them")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="全部（可加筛选）| all of them, or all that the options choose")
    ] = False,
    consumer: Consumer = "",
    code: Code = "",
    kafka_bootstrap: BOOTSTRAP = "",
    master_key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Exit status 0: all are published again; 2: some hold nothing that could be."""
    with said_clearly():
        if not ids and not every:
            raise Stopped(
                "nothing_chosen", zh="请给出死信号，或 --all", en="name dead letters by their ids, or say --all"
            )
        at = located("", kafka_bootstrap, None, master_key_file)
        letters, without = asyncio.run(_again(at, ids or (), consumer=consumer, code=code))
    again = [one.id for one in letters if one not in without]
    if as_json:
        done = {"redriven": again, "nothing_to_redrive": [one.id for one in without]}
        sys.stdout.buffer.write(msgspec.json.encode(done) + b"\n")
    else:
        Console().print(f"✓ {len(again)} 条已重新投递 | driven again")
        for one in without:
            errors.print(f"! {one.id[:8]} {_place(one)} 没有内容可投 | holds nothing to drive again")
    raise typer.Exit(NOT_ALL if without else 0)


async def _some(at: Where, ids: Sequence[str], *, consumer: str = "", code: str = "") -> list[DeadLetter]:
    return chosen(await all_letters(at.brokers), ids, consumer=consumer, code=code)


async def _content(at: Where, letter: DeadLetter) -> Content | None:
    return await content_of(letter, brokers=at.brokers, vault=open_vault(at.master_key_file))


async def _again(
    at: Where, ids: Sequence[str], *, consumer: str, code: str
) -> tuple[list[DeadLetter], list[DeadLetter]]:
    vault, letters = open_vault(at.master_key_file), await _some(at, ids, consumer=consumer, code=code)
    producer = LogProducer(brokers=at.brokers, source="/kesu/redrive", clock=SystemClock(), idempotent=False)
    await producer.start()
    try:
        return letters, await redrive(letters, brokers=at.brokers, vault=vault, producer=producer)
    finally:
        await producer.stop()


def _place(letter: DeadLetter) -> str:
    last = f"–{letter.hole_last}" if letter.hole_last is not None else ""
    return f"{letter.topic}[{letter.partition}]@{letter.offset}{last}"


def _readable(content: Content) -> dict[str, object]:
    def text(value: bytes | None) -> str | None:
        return value.decode("utf-8", "backslashreplace") if value is not None else None

    return {
        "key": text(content.key),
        "headers": [[name, text(value)] for name, value in content.headers],
        "value": text(content.value),
    }
