"""`kesu migrate`: brings the database to the newest migrations."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from deploy.migrations.apply import apply_roles, migrate
from kesu.cli.said_clearly import said_clearly

AdminUrl = Annotated[
    str,
    typer.Option(
        "--url",
        envvar="KESU_ADMIN_DATABASE_URL",
        help="kesu_admin 的数据库地址 | the database, as kesu_admin: postgresql://kesu_admin:…@host/kesu",
    ),
]
SuperuserUrl = Annotated[
    str | None,
    typer.Option(
        "--roles-as",
        envvar="KESU_SUPERUSER_DATABASE_URL",
        help="先以超级用户建角色与模式 | first make roles and schemas, as this superuser of the same database",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate", help="建表与升级，可重复执行 | Create and upgrade tables; safe to repeat")(_migrate)


def _migrate(url: AdminUrl, roles_as: SuperuserUrl = None) -> None:
    with said_clearly():
        applied = asyncio.run(_apply(url, roles_as))
    out = Console()
    for revision in applied:
        out.print(f"✓ {revision}", highlight=False)
    if not applied:
        out.print("已是最新 | up to date")


async def _apply(url: str, roles_as: str | None) -> list[str]:
    if roles_as:
        await apply_roles(roles_as)
    return await migrate(url)
