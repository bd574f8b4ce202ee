"""A place to back up, and an empty one to restore to."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.embedded.broker import Broker
from deploy.embedded.run_dir import RunDir
from tests.component.backup.grounds import Ground, another_broker
from tests.fixtures.databases import Database


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A master key."""
    path = tmp_path / "master.key"
    path.write_text(secrets.token_hex(32))
    return path


@pytest.fixture
def ground(database: Database, broker_with_topics: Broker, key_file: Path) -> Ground:
    """Migrated, with topics, and nothing in it yet."""
    return Ground(database, broker_with_topics, key_file)


@pytest_asyncio.fixture(loop_scope="function")
async def target(empty: Database, run_dir: RunDir, key_file: Path) -> AsyncIterator[Ground]:
    """Roles and schemas without tables, and another cluster."""
    async with another_broker(run_dir) as broker:
        yield Ground(empty, broker, key_file)
