"""The real servers with all four services: one stack for a module whose tests leave it running as they found it."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import httpx
import pytest_asyncio

if TYPE_CHECKING:
    from deploy.containers.stack import ContainerStack

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
