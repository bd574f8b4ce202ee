"""Fresh databases on a real server, with Kesu's roles and schemas."""

from itertools import count
from typing import Any, Final

import asyncpg

from deploy.containers.postgres import PostgresContainer
from deploy.embedded.environment import SERVICES
from deploy.migrations.apply import apply_roles

PASSWORD: Final = "of-a-test-that-listens-on-loopback"
_numbers = count(1)


class Place:
    """One database. Roles belong to the whole server, so all of them have the same password."""

    def __init__(self, server: PostgresContainer, name: str) -> None:
        self._server, self._name = server, name

    def url(self, role: str = "") -> str:
        """How a role connects; the superuser without one."""
        if not role:
            return self._server.url(self._name)
        return self._server.url(self._name, user=f"kesu_{role}", password=PASSWORD)

    async def ask(self, query: str, *given: Any, role: str = "admin") -> list[Any]:
        """What the query finds as that role."""
        conn = await asyncpg.connect(self.url(role))
        try:
            return [tuple(row) for row in await conn.fetch(query, *given)]
        finally:
            await conn.close()


async def fresh(server: PostgresContainer) -> Place:
    """A database with nothing but roles and schemas."""
    name = f"place_{next(_numbers)}"
    conn = await asyncpg.connect(server.url())
    await conn.execute(f"CREATE DATABASE {name}")
    await conn.close()
    place = Place(server, name)
    await apply_roles(place.url(), passwords={f"kesu_{role}": PASSWORD for role in ("admin", *SERVICES)})
    return place
