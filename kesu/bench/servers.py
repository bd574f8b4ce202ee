"""On which servers a measurement runs: the embedded ones, or Apache Kafka and PostgreSQL in containers."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Final, TypeAlias

from deploy.embedded.errors import CannotStart
from deploy.embedded.stack import EmbeddedStack
from deploy.stack import Stack

MakeStack: TypeAlias = Callable[..., Stack]
# Kafka's own defaults where our tests' would flatter or hurt it: its compiler may do its best here.
KAFKA_SETTINGS: Final = {"JVM_PERFORMANCE_OPTS": "-XX:+UseSerialGC"}


class Servers(StrEnum):
    """What stands behind the services."""

    EMBEDDED = "embedded"
    KAFKA = "kafka"


def stack_on(servers: Servers) -> MakeStack:
    """How to make a stack there. Raises CannotStart where that needs what is not installed."""
    if servers is Servers.EMBEDDED:
        return EmbeddedStack
    try:
        from deploy.containers.stack import ContainerStack  # noqa: PLC0415 - of the development environment only
    except ImportError as error:
        raise CannotStart(
            "no_containers",
            zh=f"缺少 {error.name}：请用 make bench，或安装开发依赖",
            en=f"{error.name} is not installed: use make bench, or install the development dependencies",
        ) from error
    return partial(ContainerStack, host_network=True, kafka_settings=KAFKA_SETTINGS)
