"""What a service of a stack is told, and nothing else of ours."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

SERVICES: Final = ("intake", "routing", "followup", "reporting")
HTTP_PORTS: Final[dict[str, int]] = {"intake": 8801, "routing": 8802, "followup": 8803, "reporting": 8804}
# The embedded broker lets a group wait for half of this before its first member reads, and for twice as long after a
# member was killed. Services that a loaded machine keeps from their heartbeats for longer than this join anew.
SESSION_TIMEOUT_MS: Final = 3_000
# Of our own environment; everything that is Kesu's comes from the stack.
_PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH")


class Surroundings(Struct, frozen=True, kw_only=True):
    """What all services of one stack share."""

    kafka_bootstrap: str
    idempotent_producer: bool  # the embedded broker knows none
    master_key_file: Path
    clock_file: Path | None
    partitions: int
    settings: Mapping[str, str]


def service_environment(
    around: Surroundings, *, database_url: str, http_port: int, reporting_url: str
) -> dict[str, str]:
    """The variables of one service. `settings` (`KESU_…` → value) go over what the stack says itself."""
    env = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    env |= {
        "KESU_DATABASE_URL": database_url,
        "KESU_KAFKA_BOOTSTRAP": around.kafka_bootstrap,
        "KESU_MASTER_KEY_FILE": str(around.master_key_file),
        "KESU_HTTP_PORT": str(http_port),
        "KESU_REPORTING_URL": reporting_url,  # intake asks it where a complaint stands
        "KESU_PARTITIONS": str(around.partitions),
        "KESU_SESSION_TIMEOUT_MS": str(SESSION_TIMEOUT_MS),
        "KESU_IDEMPOTENT_PRODUCER": str(around.idempotent_producer).lower(),
        "PYTHONUNBUFFERED": "1",
    }
    if around.clock_file:
        env["KESU_CLOCK_FILE"] = str(around.clock_file)
    return env | dict(around.settings)
