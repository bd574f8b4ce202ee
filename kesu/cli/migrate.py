"""`kesu migrate`: brings the database to the newest migrations."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.migrations.apply import apply_roles, migrate
from deploy.migrations.scripts import OWNERS
from kesu.cli.said_clearly import said_clearly
from shared.database_access import full_address
from shared.errors import Stopped
from shared.secret_files import secret_in

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

AdminPassword = Annotated[
    Path | None,
    typer.Option(
        envvar="KESU_ADMIN_DATABASE_PASSWORD_FILE", help="kesu_admin 的密码文件 | the file of kesu_admin's password"
    ),
]
SuperuserPassword = Annotated[
    Path | None,
    typer.Option(
        envvar="KESU_SUPERUSER_DATABASE_PASSWORD_FILE", help="超级用户的密码文件 | the file of the superuser's password"
    ),
]
RolePasswords = Annotated[
    Path | None,
    typer.Option(
        help="各角色密码文件的目录（kesu_admin、kesu_intake …）| directory with a file per role: kesu_admin, kesu_intake, …"
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate", help="建表与升级，可重复执行 | Create and upgrade tables; safe to repeat")(_migrate)


def _migrate(
    url: AdminUrl,
    roles_as: SuperuserUrl = None,
    password_file: AdminPassword = None,
    roles_password_file: SuperuserPassword = None,
    role_passwords: RolePasswords = None,
) -> None:
    with said_clearly():
        if role_passwords and not roles_as:
            raise Stopped(
                "superuser_missing",
                zh="--role-passwords 需要 --roles-as：只有超级用户能设置角色的密码",
                en="--role-passwords needs --roles-as: only a superuser sets the passwords of roles",
            )
        admin = full_address(url, password_file)
        superuser = full_address(roles_as, roles_password_file) if roles_as else None
        applied = asyncio.run(_apply(admin, superuser, role_passwords))
    out = Console()
    for revision in applied:
        out.print(f"✓ {revision}", highlight=False)
    if not applied:
        out.print("已是最新 | up to date")


async def _apply(url: str, roles_as: str | None, role_passwords: Path | None) -> list[str]:
    if roles_as:
        await apply_roles(roles_as, passwords=_passwords(role_passwords) if role_passwords else None)
    return await migrate(url)


def _passwords(directory: Path) -> dict[str, str]:
    """Role → its password, from the files of these names; raises Stopped where one is missing or empty."""
    found = {}
    for role in ("kesu_admin", *(OWNERS[schema] for schema in OWNERS if schema != "vault")):
        found[role] = secret_in(directory / role, code="role_password_missing")
    return found
