"""`kesu explain`: why a complaint was judged as it was, or how a sentence would be."""

import sys
from pathlib import Path
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec
import typer
from rich.console import Console

from deploy.embedded.running import running
from kesu.cli.said_clearly import said_clearly
from kesu.explaining.asking import ask
from kesu.explaining.drawing import Drawing
from kesu.explaining.trying import try_out
from services.routing.explaining.shown import Decisions
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack, load_pack
from shared.clock import open_clock
from shared.errors import Stopped
from shared.events.envelope import Language
from shared.events.intake import Channel
from shared.secret_files import secret_in

TEXT_CHARS_MAX = 20_000

Complaint = Annotated[str, typer.Argument(metavar="[ID]", help="投诉编号 | the complaint's id")]
Sentence = Annotated[
    str | None, typer.Option("--text", help="要试的话；- 从标准输入读 | a sentence to try; - reads standard input")
]
Lang = Annotated[Literal["zh", "en"], typer.Option("--lang", help="说明的语言 | the language of the explanation")]
Came = Annotated[
    str, typer.Option("--channel", help=f"试的话从哪里来 | where it came from: {', '.join(get_args(Channel))}")
]
PackDir = Annotated[
    str | None, typer.Option("--pack", help="策略包文件夹或名字 | a pack's folder or name, with --text")
]
Url = Annotated[str, typer.Option("--url", envvar="KESU_ROUTING_URL", help="路由服务地址 | where routing answers")]
Reveal = Annotated[
    Path | None,
    typer.Option(
        "--reveal-key-file",
        envvar="KESU_REVEAL_KEY_FILE",
        help="含查看密钥的文件：显示原文 | a file with the reveal key: show the words",
    ),
]
Brief = Annotated[bool, typer.Option("--brief", help="不列出规则 | leave the rules out")]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON | JSON on standard output")]


def register(app: typer.Typer) -> None:
    """Add `explain` to the command line."""
    app.command(
        "explain", help="为何这样判：一件投诉，或试一句话 | Why it was judged so: a complaint, or a sentence to try"
    )(_explain)


def _explain(
    complaint: Complaint = "",
    text: Sentence = None,
    lang: Lang = "zh",
    channel: Came = "web",
    pack: PackDir = None,
    url: Url = "",
    reveal_key_file: Reveal = None,
    brief: Brief = False,
    json: AsJson = False,
) -> None:
    """Exit status 0; 1: it could not be explained (no such complaint, no service, no usable pack)."""
    with said_clearly():
        if (text is None) == (not complaint):
            raise Stopped(
                "id_or_text",
                zh="请给出投诉编号，或用 --text 给出一句话（二选一）",
                en="give a complaint's id or --text, one of the two",
            )
        found = _try(text, lang, channel, pack) if text is not None else _ask(complaint, lang, url, reveal_key_file)
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
        return
    console = Console()
    for drawn in Drawing(lang, brief=brief).decisions(found):
        console.print(drawn)


def _try(text: str, lang: Language, channel: str, pack: str | None) -> Decisions:
    if channel not in get_args(Channel):
        known = ", ".join(get_args(Channel))
        raise Stopped(
            "no_such_channel", zh=f"没有渠道 {channel}；有：{known}", en=f"no channel {channel}; there are: {known}"
        )
    words = sys.stdin.read(TEXT_CHARS_MAX + 1) if text == "-" else text
    if not words.strip():
        raise Stopped("text_empty", zh="没有要试的话", en="there is nothing to try")
    if len(words) > TEXT_CHARS_MAX:
        raise Stopped("text_too_long", zh=f"超过 {TEXT_CHARS_MAX} 字", en=f"longer than {TEXT_CHARS_MAX} characters")
    return try_out(words, _loaded(pack), channel=_channel(channel), at=open_clock(None).now(), lang=lang)


def _channel(name: str) -> Channel:
    found: Channel = msgspec.convert(name, Channel)
    return found


def _loaded(which: str | None) -> Pack:
    try:
        return load_pack(which)
    except PackError as problem:
        raise Stopped("pack_not_usable", zh=problem.texts["zh"], en=problem.texts["en"]) from problem


def _ask(complaint: str, lang: Language, url: str, reveal_key_file: Path | None) -> Decisions:
    try:
        id_ = str(UUID(complaint))
    except ValueError:
        raise Stopped(
            "no_complaint_id", zh=f"{complaint!r} 不是投诉编号", en=f"{complaint!r} is no complaint's id"
        ) from None
    key = secret_in(reveal_key_file, code="reveal_key_unreadable") if reveal_key_file else ""
    return ask(url or _running_url(), id_, lang=lang, reveal_key=key)


def _running_url() -> str:
    """Where the embedded stack that runs here has its routing."""
    for stack in reversed(running()):
        if "routing" in stack.http:
            return stack.http["routing"]
    raise Stopped(
        "nowhere_to_ask",
        zh="没有正在运行的内嵌栈：用 --url 或 KESU_ROUTING_URL 给出路由服务的地址",
        en="no embedded stack runs here: give routing's address by --url or KESU_ROUTING_URL",
    )
