"""How PostgreSQL is reached: the password from a file, and why a database that is there does not let us in."""

import os
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

import asyncpg

from shared.errors import Stopped
from shared.secret_files import secret_in, unreadable
from shared.tls import handshake_reason

_FILES: Final = ("sslrootcert", "sslcert", "sslkey", "sslcrl")


def full_address(url: str, password_file: Path | None) -> str:
    """The address to connect by, with the password in `password_file` where one is given.

    Raises Stopped where that file, or one that the address names, cannot be read: the driver's error would look as if
    the server were not there yet.
    """
    named = parse_qs(urlsplit(url).query)
    for file in (Path(path) for name in _FILES for path in named.get(name, ())):
        if not os.access(file, os.R_OK):
            raise unreadable(file, code="database_secret_unreadable")
    return _with_password(url, password_file) if password_file else url


def _with_password(url: str, password_file: Path) -> str:
    password = secret_in(password_file, code="database_password_unreadable")
    parts = urlsplit(url)
    user, _, where = parts.netloc.rpartition("@")
    if not user:
        raise Stopped(
            "database_user_missing",
            zh="数据库地址里没有用户名：postgresql://用户名@主机/库",
            en="the database's address names no user: postgresql://user@host/database",
        )
    return parts._replace(netloc=f"{user.partition(':')[0]}:{quote(password, safe='')}@{where}").geturl()


def refusal(error: BaseException) -> Stopped | None:
    """Why trying again would not help; None where it might. No text of the driver's that could quote the address."""
    if reason := handshake_reason(error):
        return _certificate(reason)
    match error:
        case asyncpg.InvalidAuthorizationSpecificationError():
            return Stopped(
                "database_login_refused",
                zh="数据库拒绝登录：用户名、密码或 pg_hba.conf 不对",
                en="the database refuses the login: name, password or pg_hba.conf",
            )
        case ConnectionError() if "rejected SSL upgrade" in str(error):
            return _certificate("the server offers no TLS")
        case asyncpg.ClientConfigurationError():
            return Stopped(
                "database_address_wrong",
                zh="数据库地址无法使用，请核对 KESU_DATABASE_URL 及其 sslmode 等参数",
                en="the database's address cannot be used; check KESU_DATABASE_URL, its sslmode and other parameters",
            )
    return None


def _certificate(reason: str) -> Stopped:
    return Stopped(
        "database_certificate_refused",
        zh=f"与数据库的 TLS 握手失败：{reason}，请核对 sslmode 与 sslrootcert",
        en=f"TLS with the database fails: {reason}; check sslmode and sslrootcert",
    )
