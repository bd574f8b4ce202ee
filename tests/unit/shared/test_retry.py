"""Pauses grow, and stop growing."""

import pytest

from shared.retry import Retry


@pytest.mark.parametrize(
    ("attempt", "pause_s"),
    [(1, 0.05), (2, 0.1), (3, 0.2), (4, 0.4), (8, 6.4), (9, 10.0), (10, 10.0), (10_000, 10.0)],
)
def test_each_pause_is_twice_the_one_before_up_to_the_limit(attempt: int, pause_s: float) -> None:
    """The usual pauses, in seconds."""
    assert Retry().delay_s(attempt) == pytest.approx(pause_s)


def test_the_limit_holds_from_the_first_pause() -> None:
    """A limit below the first pause is the pause."""
    assert Retry(first_s=5, max_s=1).delay_s(1) == 1
