"""Every scenario of the catalogue: whatever breaks, every complaint's facts are what they would have been."""

from collections import Counter
from typing import get_args

import pytest

from tests.faults.book import Book
from tests.faults.catalogue import FAULTS_MIN, SAMPLE, SCENARIOS
from tests.faults.conftest import SEED
from tests.faults.facts import Facts
from tests.faults.kinds import Fault, Kind
from tests.faults.network import require_network_tools
from tests.faults.scenario import run

pytestmark = pytest.mark.stack


async def _holds(scenario: str, faults: tuple[Fault, ...], *, book: Book, expected: Facts) -> None:
    outcome = await run(scenario, faults, expected=expected, seed=SEED)
    book.add(outcome)
    assert outcome.wrong == [], f"KESU_TEST_SEED={SEED}: {[told.fault for told in outcome.told]}"
    assert len(outcome.told) == len(faults)


async def test_a_sample_of_faults_changes_nothing(container_engine: None, book: Book, expected: Facts) -> None:
    await _holds("a sample", SAMPLE, book=book, expected=expected)


@pytest.mark.long
@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_faults_change_nothing(container_engine: None, book: Book, expected: Facts, scenario: str) -> None:
    faults = SCENARIOS[scenario]
    if any(fault.kind == "packet loss" for fault in faults):
        require_network_tools()
    await _holds(scenario, faults, book=book, expected=expected)


def test_the_catalogue_is_complete() -> None:
    """Every kind there is, and as many as were promised."""
    kinds = Counter(fault.kind for faults in SCENARIOS.values() for fault in faults)
    assert set(kinds) == set(get_args(Kind))
    assert kinds.total() >= FAULTS_MIN
