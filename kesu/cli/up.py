"""`kesu up`: the embedded stack with all four services, in real time, until Ctrl-C."""

import asyncio
import signal
from typing import Annotated, Final

import typer
from rich.console import Console

from deploy.embedded.environment import HTTP_PORTS, SERVICES
from deploy.embedded.errors import ended
from deploy.embedded.stack import EmbeddedStack
from kesu.cli.said_clearly import said_clearly

WATCH_EVERY_S: Final = 0.5
Port = Annotated[
    int, typer.Option(min=1024, max=65_532, help="intake 的端口，其余依次加一 | intake's; the others follow")
]
PostgresPort = Annotated[int | None, typer.Option(min=1024, max=65_535, help="默认任选 | any free one by default")]
KafkaPort = Annotated[int | None, typer.Option(min=1024, max=65_535, help="默认任选 | any free one by default")]
Partitions = Annotated[
    int, typer.Option(min=1, max=64, help="kesu.complaints 的分区数 | partitions of kesu.complaints")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up", help="启动整套服务，直到 Ctrl-C | Everything on this machine, until Ctrl-C")(_up)


def _up(
    port: Port = HTTP_PORTS["intake"],
    postgres_port: PostgresPort = None,
    kafka_port: KafkaPort = None,
    partitions: Partitions = 2,
) -> None:
    stack = EmbeddedStack(
        partitions=partitions,
        http_ports={name: port + number for number, name in enumerate(SERVICES)},
        postgres_port=postgres_port,
        kafka_port=kafka_port,
    )
    with said_clearly():
        asyncio.run(_run(stack, Console(stderr=True)))


async def _run(stack: EmbeddedStack, console: Console) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    running = asyncio.create_task(_until_one_ends(stack, console))
    waiting = asyncio.create_task(told.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not running.done():
        console.print("正在停止 | stopping")
        running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        console.print("已停止，数据已清除 | stopped; its data is gone")


async def _until_one_ends(stack: EmbeddedStack, console: Console) -> None:
    with console.status("启动数据库与消息代理 | starting database and broker") as shown:
        async with stack:
            shown.update("启动服务 | starting the services")
            await stack.start_services()
            shown.stop()
            console.print(_where_it_is(stack), soft_wrap=True, highlight=False)
            console.print("Ctrl-C 停止 | Ctrl-C to stop")
            while not (found := stack.ended()):
                await asyncio.sleep(WATCH_EVERY_S)
            name, status = next(iter(found.items()))
            raise ended(name, status=status, log_tail=stack.log_tail(name))


def _where_it_is(stack: EmbeddedStack) -> str:
    lines = {name: f"{stack.url(name)}  {stack.url(name)}/docs" for name in SERVICES}
    lines |= {"kafka": stack.bootstrap, "postgresql": stack.database_url(), "logs": str(stack.run_dir.path / "logs")}
    return "\n".join(f"{name:<10}  {where}" for name, where in lines.items())
