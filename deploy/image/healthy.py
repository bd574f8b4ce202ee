"""The container's health check: is the service that it runs ready? Standard library alone, as it runs every few seconds."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

PORTS: Final = {
    "services.intake": 8801,
    "services.routing": 8802,
    "services.followup": 8803,
    "services.reporting": 8804,
}
TIMEOUT_S: Final = 3


def port() -> int:
    """Where the service of this container listens; 0 where it runs something else."""
    if given := os.environ.get("KESU_HTTP_PORT"):
        return int(given)
    words = Path("/proc/1/cmdline").read_text().split("\0")
    return next((PORTS[word] for word in words if word in PORTS), 0)


def main() -> int:
    """Exit status 0 where it is ready; prints what it answers."""
    connection = HTTPConnection("127.0.0.1", port(), timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        sys.stdout.write(answer.read(500).decode(errors="replace"))
        return 0 if answer.status == 200 else 1
    except (OSError, HTTPException) as error:
        sys.stdout.write(type(error).__name__)
        return 1


if __name__ == "__main__":
    sys.exit(main())
