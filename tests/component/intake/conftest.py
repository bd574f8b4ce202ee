"""Intake's parts on a real PostgreSQL, under the role it has in production."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from services.intake.acceptance import Acceptance
from services.intake.app import create_drafting
from services.intake.rules.drafting import Drafting
from services.intake.settings import IntakeSettings
from shared.database import Pool, open_pool
from shared.vault import Vault
from tests.component.intake.desk import Desk
from tests.component.intake.door import Door
from tests.fixtures.databases import Database


@pytest_asyncio.fixture(loop_scope="function")
async def pool(database: Database) -> AsyncIterator[Pool]:
    """Connections as kesu_intake."""
    pool = await open_pool(database.url("intake"), name="intake", connections_max=8)
    yield pool
    await pool.close()


@pytest.fixture
def vault() -> Vault:
    """A vault under a key for tests."""
    return Vault(bytes(range(32)))


@pytest.fixture
def settings(database: Database) -> IntakeSettings:
    """Settings of a loopback service."""
    return IntakeSettings(database_url=database.url("intake"))


@pytest.fixture
def drafting(vault: Vault, settings: IntakeSettings) -> Drafting:
    """Drafting as the service does it."""
    return create_drafting(vault, settings)


@pytest.fixture
def acceptance(vault: Vault, drafting: Drafting) -> Acceptance:
    """The way in."""
    return Acceptance(vault=vault, drafting=drafting)


@pytest.fixture
def desk(pool: Pool, acceptance: Acceptance, drafting: Drafting) -> Desk:
    """Intake's core, ready for submissions."""
    return Desk(pool, acceptance, drafting)


@pytest.fixture
def door(desk: Desk, acceptance: Acceptance, settings: IntakeSettings) -> Door:
    """The HTTP door; `settings` can be overridden by a test file."""
    return Door(desk, acceptance, settings)


@pytest_asyncio.fixture(loop_scope="function")
async def http(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the door."""
    async with door.client() as client:
        yield client
