"""A Prometheus of a test's own: told what the deployed one is told, but for where the services are."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from deploy.embedded.ports import LOOPBACK, free_port
from tests.fixtures.containers import REQUIRED
from tests.integration.observability.queries import HOME, RULES

SCRAPE_S: Final = 1
START_TIMEOUT_S: Final = 30


def program(name: str) -> str:
    """Where `prometheus` or `promtool` is; the test is skipped where it is not, or fails where that is not allowed."""
    found = shutil.which(name)
    if found is None:
        said = f"{name} is not installed (Debian: apt-get install prometheus)"
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set: {said}", pytrace=False)
        pytest.skip(said)
    return found


def told(urls: Mapping[str, str]) -> dict[str, Any]:
    """The deployed configuration, with fixed addresses (service → URL) instead of the containers' names."""
    config: dict[str, Any] = yaml.safe_load((HOME / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": f"{SCRAPE_S}s", "evaluation_interval": f"{SCRAPE_S}s"}
    config["rule_files"] = [str(RULES)]
    for job in config["scrape_configs"]:
        (found,) = job.pop("dns_sd_configs")
        (service,) = found["names"]
        job["static_configs"] = [{"targets": [urlsplit(urls[service]).netloc]}]
    return config


@contextlib.asynccontextmanager
async def prometheus(directory: Path, urls: Mapping[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Runs it; the client asks its API."""
    config = directory / "prometheus.yml"
    config.write_text(yaml.safe_dump(told(urls)))
    at = f"{LOOPBACK}:{free_port()}"
    process = await asyncio.create_subprocess_exec(
        program("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={directory / 'data'}",
        f"--web.listen-address={at}", "--log.level=warn",
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(base_url=f"http://{at}/api/v1", timeout=30) as client:
            async with asyncio.timeout(START_TIMEOUT_S):
                while not await _ready(client):
                    assert process.returncode is None, "Prometheus ended"
                    await asyncio.sleep(0.1)
            yield client
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/status/runtimeinfo")).status_code == 200
    except httpx.TransportError:
        return False
