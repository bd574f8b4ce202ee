"""Follow-up's parts on a real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.component.followup.service import Followup
from tests.fixtures.databases import Database


@pytest_asyncio.fixture
async def followup(database: Database) -> AsyncIterator[Followup]:
    """Follow-up with an empty schema, its clock at T0."""
    async with Followup.on(database.url("followup")) as made:
        yield made
