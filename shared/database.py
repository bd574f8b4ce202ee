"""Postgres: pools, the one transaction per batch, and what counts as "not now"."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import asyncpg
from asyncpg.exceptions import _base

from shared.database_access import refusal

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
    except Exception as error:
        if stopped := refusal(error):
            raise stopped from error
        raise
