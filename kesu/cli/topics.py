"""`kesu topics`: makes Kesu's topics on a cluster."""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from deploy.topics import Outcome, ensure_topics
from kesu.cli.said_clearly import said_clearly
from kesu.cli.where import brokers_of

Bootstrap = Annotated[str, typer.Option(envvar="KESU_KAFKA_BOOTSTRAP", help="Kafka 地址 | where the cluster is")]
Partitions = Annotated[
    int,
    typer.Option(
        min=1,
        max=512,
        envvar="KESU_PARTITIONS",
        help="kesu.complaints 的分区数，终身固定 | partitions of kesu.complaints, for life",
    ),
]
Replication = Annotated[int, typer.Option(min=1, max=9, help="副本数 | replication factor")]
MinInsync = Annotated[int, typer.Option(min=1, max=9, help="最少同步副本 | min.insync.replicas")]
Days = Annotated[int, typer.Option(min=1, max=3650, help="kesu.submissions 保留天数 | days that submissions are kept")]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON | JSON on standard output")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("topics", help="建主题，可重复执行 | Make the topics; safe to repeat")(_topics)


def _topics(
    bootstrap: Bootstrap = "127.0.0.1:9092",
    partitions: Partitions = 2,
    replication: Replication = 1,
    min_insync: MinInsync = 1,
    submissions_days: Days = 7,
    as_json: AsJson = False,
) -> None:
    with said_clearly():
        outcomes = asyncio.run(
            ensure_topics(
                brokers_of(bootstrap),
                partitions=partitions,
                replication=replication,
                min_insync=min_insync,
                submissions_days=submissions_days,
            )
        )
    if as_json:
        sys.stdout.write(msgspec.json.encode(outcomes).decode() + "\n")
    else:
        _print(outcomes)


def _print(outcomes: list[Outcome]) -> None:
    out = Console()
    for one in outcomes:
        did = "新建 | made" if one.did == "made" else "已有 | kept"
        out.print(f"✓ {one.topic}  {one.partitions}  {did}", highlight=False)
        for setting, found in one.differing.items():
            out.print(f"  ! {setting} = {found}，与要求不同 | differs from what is asked for", highlight=False)
