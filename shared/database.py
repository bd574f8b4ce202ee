"""Postgres: pools, the one transaction per batch, and what counts as "not now"."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, urlsplit

import asyncpg
from asyncpg.exceptions import _base

from shared.errors import Stopped
from shared.secret_files import secret_in

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool

# Data that PostgreSQL does not take (refused by the server, or by the client before it is sent): never "not now", so catch
# it before TRANSIENT, which has to hold its base class InterfaceError ("connection is closed").
UNSTORABLE: tuple[type[BaseException], ...] = (asyncpg.DataError, _base.DataError)
TRANSIENT: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server was killed between two messages of one statement
    asyncpg.OperatorInterventionError,  # shutdown, crash of another backend, starting up, query cancelled
    asyncpg.InsufficientResourcesError,  # connections, memory, disk
    asyncpg.ReadOnlySQLTransactionError,  # a standby, during a switch
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    OSError,
    TimeoutError,
)


async def open_pool(
    url: str, *, name: str, connections_max: int = 4, connect_timeout_s: float = 10, command_timeout_s: float = 60
) -> Pool:
    """A pool of at most `connections_max` connections; fails at once where the database is not there.

    Raises Stopped where it is there and refuses us: trying again would not help.
    """
    try:
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=connections_max,
            timeout=connect_timeout_s,
            command_timeout=command_timeout_s,
            server_settings={
                "application_name": f"kesu-{name}",
                "timezone": "UTC",
                "jit": "off",
                # a frozen or cut-off instance must not hold its locks for long: another one waits for them
                "idle_in_transaction_session_timeout": "20s",
            },
        )
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        raise Stopped(
            "database_login_refused",
            zh="数据库拒绝登录：用户名、密码或 pg_hba.conf 不对",
            en="the database refuses the login: name, password or pg_hba.conf",
        ) from error
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "TLS"
        raise Stopped(
            "database_certificate_refused",
            zh=f"与数据库的 TLS 握手失败：{reason}，请核对 sslmode 与 sslrootcert",
            en=f"TLS with the database fails: {reason}; check sslmode and sslrootcert",
        ) from error


def with_password(url: str, password_file: Path | None) -> str:
    """The address with the password in `password_file` (nothing changes without one); raises Stopped."""
    if password_file is None:
        return url
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
