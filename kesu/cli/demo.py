"""`kesu demo`: weeks of a complaint centre in a minute."""

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from deploy.embedded.environment import HTTP_PORTS
from kesu.cli.exit_status import FOUND_SOMETHING
from kesu.cli.said_clearly import said_clearly
from kesu.demo.screen import Screen
from kesu.demo.session import Plan, demo_session
from kesu.demo.sources import submissions_of
from kesu.demo.summary import Summary, summarise

STRIDE = timedelta(hours=1)  # of the clock: few stops, so that weeks pass in a minute or two


def register(app: typer.Typer) -> None:
    """Add `demo` to the command line."""
    app.command("demo", help="演示：把几周的投诉处理压缩到一分钟 | A demo: weeks of complaint handling in a minute")(
        demo
    )


def demo(
    complaints: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="提交条数 | how many submissions come in")
    ] = 2_000,
    seed: Annotated[int, typer.Option(help="随机种子，同种子同结果 | the same seed gives the same demo")] = 1,
    once: Annotated[bool, typer.Option("--once", help="结束后退出 | stop at the end instead of staying up")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="标准输出只有 JSON | only the summary, as JSON, on standard output")
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option(
            "--input",
            exists=True,
            dir_okay=False,
            help="投诉提交文件（NDJSON），代替生成器 | a file instead of the generator",
        ),
    ] = None,
) -> None:
    """Start everything on this machine, let complaints in, let weeks pass, and say what became of them."""
    with said_clearly():
        try:
            summary = asyncio.run(
                _run(Plan(complaints=complaints, seed=seed, stride=STRIDE), source=source, stay=not once, json=json)
            )
        except KeyboardInterrupt:
            return
    raise typer.Exit(0 if summary.verification.ok else FOUND_SOMETHING)


async def _run(plan: Plan, *, source: Path | None, stay: bool, json: bool) -> Summary:
    screen = Screen(Console(stderr=json), plan)
    submissions = list(submissions_of(source, plan)) if source else None
    async with AsyncExitStack() as parts:
        with screen.starting():
            session = await parts.enter_async_context(demo_session(plan, http_ports=HTTP_PORTS, watch=screen.told))
        began = time.monotonic()
        with screen.passing():
            await session.run(submissions)
        summary = await summarise(session, seconds=time.monotonic() - began)
        screen.summary(summary)
        if json:
            sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(summary)) + b"\n")
            sys.stdout.flush()
        if stay:
            screen.staying()
            await asyncio.Event().wait()
        return summary
