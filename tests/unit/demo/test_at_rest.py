"""The virtual clock may jump only when every service has read all that anyone wrote, and nothing is due."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from kesu.demo.quiet import all_ends, at_rest
from shared.runtime.progress import Progress

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def progress(service: str, read: dict[str, int], written: dict[str, int]) -> Progress:
    """Idle, at these positions."""
    return Progress(
        service=service, now=NOW, read=read, written=written, read_through={}, busy=False, handled=0, dead=0
    )


INTAKE = progress("intake", {"submissions:0": 3}, {"log:0": 5, "log:1": 2})
ROUTING = progress("routing", {"log:0": 6, "log:1": 2}, {"log:0": 6})
ENDS = {"submissions:0": 3}


def test_all_read_to_the_end_is_rest() -> None:
    """Each needs to have read only the topics it reads."""
    assert at_rest([INTAKE, ROUTING], ENDS, at=NOW)


@pytest.mark.parametrize(
    "services",
    [
        [replace(INTAKE, busy=True), ROUTING],
        [INTAKE, replace(ROUTING, read={})],
        [INTAKE, replace(ROUTING, read={"log:0": 5, "log:1": 2})],
        [INTAKE, replace(ROUTING, read={"log:0": 6})],
        [replace(INTAKE, read={"submissions:0": 2}), ROUTING],
        [replace(INTAKE, written={"log:0": 7}), ROUTING],
        [INTAKE, replace(ROUTING, next_due=NOW)],
        [INTAKE, replace(ROUTING, next_due=NOW - timedelta(days=1))],
    ],
    ids=[
        "busy",
        "took nothing up",
        "behind its own",
        "a partition unknown",
        "behind the driver",
        "behind intake",
        "due",
        "overdue",
    ],
)
def test_anything_left_to_do_is_no_rest(services: list[Progress]) -> None:
    """One service with one thing to do is enough."""
    assert not at_rest(services, ENDS, at=NOW)


def test_a_timer_of_tomorrow_is_rest() -> None:
    """It is what the clock jumps to."""
    assert at_rest([INTAKE, replace(ROUTING, next_due=NOW + timedelta(days=1))], ENDS, at=NOW)


def test_instances_of_a_service_are_at_rest_together() -> None:
    """Each has read its own partitions; one that has none is no hindrance, one that works is."""
    halves = [replace(ROUTING, read={"log:0": 6}), replace(ROUTING, read={"log:1": 2})]
    assert at_rest([INTAKE, *halves], ENDS, at=NOW)
    assert at_rest([INTAKE, ROUTING, replace(ROUTING, read={})], ENDS, at=NOW)
    assert not at_rest([INTAKE, halves[0], replace(ROUTING, read={"log:1": 1})], ENDS, at=NOW)
    assert not at_rest([INTAKE, halves[0], replace(halves[1], busy=True)], ENDS, at=NOW)
    assert not at_rest([INTAKE, halves[0], replace(halves[1], next_due=NOW)], ENDS, at=NOW)


def test_an_end_is_what_whoever_is_furthest_says() -> None:
    """Services and the driver, as writers or as readers: who wrote it may have been killed since."""
    assert all_ends([INTAKE, ROUTING], {"log:1": 9}) == {"submissions:0": 3, "log:0": 6, "log:1": 9}
    assert all_ends([replace(ROUTING, read={"log:0": 7}), INTAKE], {}) == {"submissions:0": 3, "log:0": 7, "log:1": 2}
