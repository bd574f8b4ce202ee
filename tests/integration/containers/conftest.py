"""The real servers: with all four services for a module that leaves them as it found them, and with TLS and logins."""

import os
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio

from tests.fixtures.databases import wait_for

if TYPE_CHECKING:
    from deploy.containers.postgres import PostgresContainer
    from deploy.containers.stack import ContainerStack
    from tests.integration.containers.places import Place
    from tests.integration.containers.securing import Secured

PARTITIONS = 4


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(container_engine: None) -> "AsyncIterator[ContainerStack]":
    """All four services, ready, on four partitions; the module's tests share it, and its loop."""
    from deploy.containers.stack import ContainerStack

    async with ContainerStack(fsync=False, partitions=PARTITIONS) as stack:
        await stack.start_services()
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """For the module's loop."""
    async with httpx.AsyncClient(timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def secured(container_engine: None, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Secured]":
    """Servers that ask for TLS and logins. Tests may migrate the database and make topics, again and again."""
    from tests.integration.containers import securing

    if os.geteuid() != 0:
        pytest.skip("giving the server's key to the image's postgres needs root")
    one = securing.prepared(tmp_path_factory.mktemp("secured"))
    try:
        wait_for(securing.started(one))
        yield one
    finally:
        wait_for(securing.discarded(one))


@pytest.fixture(scope="session")
def from_nothing(container_postgres: "PostgresContainer") -> "Place":
    """A database migrated from nothing to the newest; tests only look at it."""
    from deploy.migrations.apply import migrate
    from tests.integration.containers.places import Place, fresh

    made: list[Place] = []

    async def make() -> None:
        made.append(await fresh(container_postgres))
        await migrate(made[0].url("admin"))

    wait_for(make())
    return made[0]
