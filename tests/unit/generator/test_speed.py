"""Generating must not be what a benchmark measures."""

from datetime import UTC, datetime
from time import process_time

from kesu.generator import generate

CPU_US_MAX = 200  # the aim is 60; wide, because the machines of a CI are slow and shared
COUNT = 5_000


def test_a_submission_costs_some_tens_of_microseconds() -> None:
    start = datetime(2025, 3, 3, tzinfo=UTC)
    for _ in generate(500, seed=1, start=start):
        pass

    began = process_time()
    for _ in generate(COUNT, seed=2, start=start):
        pass

    assert (process_time() - began) / COUNT * 1e6 < CPU_US_MAX
