"""How far each service says it has read, from its own schema."""

from collections.abc import Iterable, Mapping
from typing import Final

import asyncpg
from aiokafka import TopicPartition

from shared.errors import Stopped

CONNECT_WITHIN_S: Final = 10.0
# How far a service has read each partition of a cluster.
_POSITIONS: Final = "SELECT topic, partition, next_offset FROM {schema}.positions WHERE cluster = $1"


async def positions_of(
    services: Iterable[str], *, database_url: str, cluster: str
) -> Mapping[str, Mapping[TopicPartition, int]]:
    """The next offset of each partition that a service ever read; raises Stopped where the tables are not there."""
    conn = await asyncpg.connect(database_url, timeout=CONNECT_WITHIN_S, command_timeout=CONNECT_WITHIN_S)
    try:
        found = {}
        for service in services:
            rows = await conn.fetch(_POSITIONS.format(schema=service), cluster)
            found[service] = {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        return found
    except (asyncpg.InsufficientPrivilegeError, asyncpg.InvalidSchemaNameError, asyncpg.UndefinedTableError) as error:
        raise Stopped(
            "positions_not_readable",
            zh=f"读不到各服务的位置（{error}）：请以 kesu_admin 连接已迁移的数据库",
            en=f"the services' positions cannot be read ({error}): connect as kesu_admin to a migrated database",
        ) from error
    finally:
        await conn.close()
