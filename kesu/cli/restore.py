"""`kesu restore`: database and log out of a backup, or the log out of the database; all services must be stopped."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from kesu.backup.restoring import Part, Restored, Topics, restore
from kesu.cli.backup import MASTER_KEY_FILE, POSTGRES_EXEC, programs_of
from kesu.cli.said_clearly import said_clearly
from kesu.cli.where import BOOTSTRAP, DATABASE_URL, located
from shared.errors import Stopped

BEHIND = 2
Directory = Annotated[Path | None, typer.Argument(help="备份目录 | the directory of the backup", exists=True)]
Only = Annotated[str, typer.Option(metavar="database|log", help="只恢复其一 | restore only one of them")]
Number = Annotated[
    int | None, typer.Option("--dump", min=1, help="第几份数据库备份，默认最新 | an older dump of the database")
]
FromArchive = Annotated[
    bool,
    typer.Option(
        "--log-from-archive",
        help="日志丢失或比数据库旧：用库中存档补齐 | the log is lost or older: bring it up to date from the database's archive",
    ),
]
Idempotent = Annotated[bool, typer.Option(envvar="KESU_IDEMPOTENT_PRODUCER", help="幂等写入 | write with idempotence")]
Replication = Annotated[int, typer.Option(min=1, max=9, help="新建主题的副本数 | replication of topics that are made")]
MinInsync = Annotated[int, typer.Option(min=1, max=9, help="最少同步副本 | their min.insync.replicas")]
Days = Annotated[int, typer.Option(min=1, max=3650, help="kesu.submissions 保留天数 | days that submissions are kept")]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON | JSON on standard output")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restore", help="恢复数据库与日志（先停全部服务）| Restore database and log; stop all services first")(_restore)  # fmt: skip


def _restore(
    directory: Directory = None, only: Only = "", dump: Number = None, log_from_archive: FromArchive = False,
    database_url: DATABASE_URL = "", kafka_bootstrap: BOOTSTRAP = "", master_key_file: MASTER_KEY_FILE = None,
    postgres_exec: POSTGRES_EXEC = "", idempotent: Idempotent = True, replication: Replication = 1,
    min_insync: MinInsync = 1, submissions_days: Days = 7, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Exit status 0: services can start; 2: restored, but the log is older than the database; 1: nothing was restored."""
    with said_clearly():
        if directory is None and not log_from_archive:
            raise Stopped("nothing_to_restore", zh="请给出备份目录，或 --log-from-archive", en="give a directory, or --log-from-archive")  # fmt: skip
        at = located(database_url, kafka_bootstrap, master_key_file=master_key_file)
        topics = Topics(replication=replication, min_insync=min_insync, submissions_days=submissions_days)
        with Console(stderr=True).status("恢复中 | restoring"):
            done = asyncio.run(
                restore(
                    directory,
                    database_url=at.database_url,
                    brokers=at.brokers,
                    master_key_file=at.master_key_file,
                    only=_part(only),
                    number=dump,
                    log_from_archive=log_from_archive,
                    topics=topics,
                    programs=programs_of(postgres_exec),
                    idempotent=idempotent,
                )
            )
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(done) + b"\n")
    else:
        _show(done, Console(highlight=False))
    raise typer.Exit(BEHIND if done.beyond else 0)


def _part(only: str) -> Part | None:
    match only:
        case "":
            return None
        case "database" | "log":
            return only
        case _:
            raise Stopped("unknown_part", zh="--only 只能是 database 或 log", en="--only is database or log")


def _show(done: Restored, out: Console) -> None:
    if done.dump:
        out.print(f"✓ 数据库 | database  #{done.dump}  {' '.join(done.migrations)}")
    if done.records:
        out.print(f"✓ 日志 | log  {done.records:,} 条，偏移不变 | records at the offsets they had")
    if done.from_archive or done.from_tables:
        out.print(
            f"✓ 补齐日志 | log rebuilt  {done.from_archive:,} 存档 archive + {done.from_tables:,} 各服务 services"
        )
    out.print(f"✓ 客户密钥 | customers' keys taken in  {done.keys:,}；再次抹除 | erased again  {done.erased_again:,}")
    if done.beyond:
        out.print("! 日志比数据库旧，服务不会启动：请运行 kesu restore --log-from-archive", style="yellow")
        out.print("! The log is older than the database: run kesu restore --log-from-archive", style="yellow")
        for one in done.beyond:
            out.print(f"    {one}")
    else:
        out.print("启动全部服务，然后运行 kesu verify | start all services, then run kesu verify")
