"""What all tests share: the fixtures of tests/fixtures, and a mark for each kind of test after the folder it is in."""

from pathlib import Path

import pytest

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.brokers",
    "tests.fixtures.stacks",
    "tests.fixtures.containers",
]

KINDS = ("unit", "component", "integration", "contract", "architecture", "e2e", "faults")
# Whoever uses one of these needs a real server: such tests are marked `stack`.
SERVERS = {"postgres_server", "broker", "stack", "container_engine"}
_HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    for kind in KINDS:
        config.addinivalue_line("markers", f"{kind}: tests in tests/{kind}/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE):
            kind = item.path.relative_to(_HERE).parts[0]
            if kind in KINDS:
                item.add_marker(kind)
        if SERVERS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("stack")
