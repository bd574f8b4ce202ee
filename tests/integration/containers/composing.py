"""The compose file under a name, ports and secrets of a test's own, and the README's commands for it."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from deploy.embedded.ports import free_ports

ROOT: Final = Path(__file__).parents[3]
UP_TIMEOUT_S: Final = 420  # the image included, where nothing of it is there yet
SECTION: Final = re.compile(r"^## (?:Run it with Docker|用 Docker 运行)\n(.*?)^## ", re.MULTILINE | re.DOTALL)
# Builds reach the package index also where containers of the engine's own network cannot.
OVERRIDE: Final = "services: {migrate: {build: {network: host}}}\n"
BLOCK: Final = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def readme_commands(readme: str = "README.md") -> list[str]:
    """The blocks of commands of its section about Docker."""
    section = SECTION.search((ROOT / readme).read_text())
    assert section, readme
    return BLOCK.findall(section.group(1))


class Composed:
    """One project; secrets go to its directory. `key` is the API key that was shown for the channel `web`."""

    key: str
    partitions: Final = 4

    def __init__(self, directory: Path) -> None:
        ports = [str(port) for port in free_ports(2)]
        self.ports: Final[Mapping[str, str]] = dict(zip(("8801", "8804"), ports, strict=True))
        override = directory / "override.yml"
        override.write_text(OVERRIDE)
        self._env = os.environ | {
            "COMPOSE_FILE": f"{ROOT / 'docker-compose.yml'}:{override}",
            "COMPOSE_PROJECT_NAME": f"kesu-test-{os.getpid()}",
            "KESU_IMAGE": f"kesu-test:{os.getpid()}",  # nobody else builds it meanwhile
            "KESU_INTAKE_PORT": ports[0],
            "KESU_REPORTING_PORT": ports[1],
            "KESU_SECRETS_DIR": str(directory / "secrets"),
            "KESU_PARTITIONS": str(self.partitions),
        }

    def sh(self, script: str, **env: str) -> str:
        """Run it as it stands, but for the published ports; its standard output."""
        for default, port in self.ports.items():
            script = script.replace(f"127.0.0.1:{default}", f"127.0.0.1:{port}")
        done = subprocess.run(
            ["sh", "-euc", script], cwd=ROOT, env=self._env | env, capture_output=True, text=True,
            timeout=UP_TIMEOUT_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        return done.stdout

    def inspect(self, service: str) -> list[dict[str, Any]]:
        """What the engine says of each of its containers."""
        ids = self.sh(f"docker compose ps --all --quiet {service}").split()
        found: list[dict[str, Any]] = json.loads(self.sh(f"docker inspect {' '.join(ids)}"))
        return found

    def progress(self, container: str, port: int) -> dict[str, Any]:
        """What the service in this container says of itself; asked inside, as its port is not published."""
        asks = (
            f"import urllib.request as r; print(r.urlopen('http://127.0.0.1:{port}/internal/progress').read().decode())"
        )
        found: dict[str, Any] = json.loads(self.sh(f'docker exec {container} python -c "{asks}"'))
        return found
