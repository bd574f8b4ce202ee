"""`kesu backup`: the database and the log into a directory, while everything runs."""

import asyncio
import shlex
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from kesu.backup.manifest import Manifest
from kesu.backup.programs import PostgresPrograms
from kesu.backup.taking import DUMPS_KEPT, backup
from kesu.cli.said_clearly import said_clearly
from kesu.cli.where import BOOTSTRAP, DATABASE_URL, located

Directory = Annotated[Path, typer.Argument(help="备份目录，再次备份则续写 | a later backup goes on in the same one")]
MASTER_KEY_FILE = Annotated[
    Path | None,
    typer.Option(
        envvar="KESU_MASTER_KEY_FILE", help="主密钥文件，仅取其指纹 | only its fingerprint goes into the backup"
    ),
]
POSTGRES_EXEC = Annotated[
    str,
    typer.Option(
        envvar="KESU_POSTGRES_EXEC",
        help="在服务器旁运行 pg_dump 的命令，如 docker compose exec -T postgres | run pg_dump beside the server",
    ),
]
Keep = Annotated[int, typer.Option(min=1, max=1_000, help="保留几份数据库备份 | dumps of the database to keep")]
AsJson = Annotated[bool, typer.Option("--json", help="只输出清单 JSON | the manifest as JSON, on standard output")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup", help="备份数据库与日志，运行中可做 | Back up database and log, while everything runs")(
        _backup
    )


def programs_of(command: str) -> PostgresPrograms | None:
    """The programs behind the command, None for those of this machine."""
    return PostgresPrograms(prefix=shlex.split(command)) if command else None


def _backup(
    directory: Directory, database_url: DATABASE_URL = "", kafka_bootstrap: BOOTSTRAP = "",
    master_key_file: MASTER_KEY_FILE = None, postgres_exec: POSTGRES_EXEC = "", keep: Keep = DUMPS_KEPT,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    with said_clearly():
        at = located(database_url, kafka_bootstrap, master_key_file=master_key_file)
        with Console(stderr=True).status("备份中 | backing up") as shown:
            exported = 0

            def counted(records: int) -> None:
                nonlocal exported
                exported += records
                shown.update(f"日志 {exported:,} 条 | records of the log")

            manifest = asyncio.run(
                backup(
                    directory,
                    database_url=at.database_url,
                    brokers=at.brokers,
                    master_key_file=at.master_key_file,
                    programs=programs_of(postgres_exec),
                    dumps_kept=keep,
                    counted=counted,
                )
            )
    if as_json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    else:
        _show(directory, manifest, exported, Console(highlight=False))


def _show(directory: Path, manifest: Manifest, exported: int, out: Console) -> None:
    dump = manifest.dump()
    out.print(f"✓ 数据库 | database  {dump.stored.file}  {dump.stored.bytes:,} B")
    records = sum(log.records for log in manifest.log)
    size = sum(segment.stored.bytes for log in manifest.log for segment in log.segments)
    out.print(f"✓ 日志 | log  {records:,} 条 records  (+{exported:,})  {size:,} B")
    out.print(f"  {directory / 'manifest.json'}  {manifest.at:%Y-%m-%d %H:%M:%S} UTC")
    out.print(
        "主密钥不在备份中，请另行妥善保管 | The master key is not in the backup: keep it elsewhere", style="yellow"
    )
