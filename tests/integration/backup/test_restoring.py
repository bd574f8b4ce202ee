"""Database and log of different age: after a restore everything goes on where it ended, and nothing is told twice or lost."""

import pytest
import pytest_asyncio

from tests.faults.facts import facts_of
from tests.integration.backup.centres import Centre, Lived, a_life, empty_centre

pytestmark = pytest.mark.stack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A centre that lived for some days, and its backups."""
    return await a_life(tmp_path_factory.mktemp("backups"))


async def is_as_it_was(centre: Centre, lived: Lived) -> None:
    await centre.live()
    report = await centre.verified()
    assert () == report.findings
    assert lived.facts == await facts_of(centre.stack)
    assert lived.shown == await centre.shown()


async def test_both_from_the_same_backup(lived: Lived) -> None:
    async with empty_centre(lived) as centre:
        done = await centre.restore(lived.last)
        assert () == done.beyond
        await is_as_it_was(centre, lived)
