"""Database and log of different age: after a restore everything goes on where it ended, and nothing is told twice or lost."""

import pytest
import pytest_asyncio

from deploy.embedded.errors import CannotStart
from tests.faults.facts import differences, facts_of
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
    assert [] == differences(lived.facts, await facts_of(centre.stack), among=lived.facts.keys())
    assert lived.shown == await centre.shown()


async def test_both_from_the_same_backup(lived: Lived) -> None:
    async with empty_centre(lived) as centre:
        done = await centre.restore(lived.last)
        assert () == done.beyond
        await is_as_it_was(centre, lived)


async def test_a_database_older_than_the_log_takes_up_the_log_and_erased_stays_erased(lived: Lived) -> None:
    async with empty_centre(lived) as centre:
        done = await centre.restore(lived.last, number=1)
        assert (1, 1) == (done.dump, done.erased_again)
        assert 0 < done.keys
        await is_as_it_was(centre, lived)
        assert await centre.is_erased(lived.erased)


async def test_a_log_older_than_the_database_stops_the_services_until_it_is_brought_up_to_date(lived: Lived) -> None:
    async with empty_centre(lived) as centre:
        await centre.restore(lived.last, only="database")
        done = await centre.restore(lived.first, only="log")
        assert {"intake", "routing", "followup", "reporting"} == {one.partition(":")[0] for one in done.beyond}
        with pytest.raises(CannotStart, match="position_beyond_the_log"):
            await centre.stack.start_service("routing")

        done = await centre.restore(None, log_from_archive=True)
        assert 0 < done.from_archive
        assert ((), 0) == (done.beyond, done.from_tables)
        await is_as_it_was(centre, lived)


async def test_a_log_lost_with_the_archive_is_rebuilt_from_what_the_services_saved(lived: Lived) -> None:
    async with empty_centre(lived) as centre:
        await centre.restore(lived.last, only="database")
        await centre.forget_reporting()
        done = await centre.restore(None, log_from_archive=True)
        assert 0 == done.from_archive
        assert sum(map(len, lived.facts.values())) <= done.from_tables
        await is_as_it_was(centre, lived)
