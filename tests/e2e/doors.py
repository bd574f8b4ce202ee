"""Using a running stack from outside, as channels, operators and other programs do."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

import httpx
import msgspec
from aiokafka import TopicPartition

from deploy.stack import Stack

TIMEOUT_S: Final = 30
_PREFIX: Final = "kesu.submission."


async def post(http: httpx.AsyncClient, stack: Stack, path: str, body: object, *, key: str) -> httpx.Response:
    """POST `body` to intake under an Idempotency-Key."""
    headers = {"content-type": "application/json", "idempotency-key": f'"{key}"'}
    return await http.post(stack.url("intake") + path, content=msgspec.json.encode(body), headers=headers)


async def get(http: httpx.AsyncClient, stack: Stack, path: str, **headers: str) -> dict[str, Any]:
    """What reporting answers, without how far the log was read."""
    response = await http.get(stack.url("reporting") + path, headers=headers)
    assert 200 == response.status_code, response.text
    body: dict[str, Any] = response.json()
    body.pop("as_of")
    return body


async def read_by(http: httpx.AsyncClient, stack: Stack, name: str, ends: Mapping[TopicPartition, int]) -> None:
    """Wait until service `name` has read up to `ends`."""
    until = time.monotonic() + TIMEOUT_S
    while True:
        read = (await http.get(stack.url(name) + "/internal/progress")).json()["read"]
        if all(read.get(f"{tp.topic}:{tp.partition}", 0) >= end for tp, end in ends.items()):
            return
        assert time.monotonic() < until, (read, ends)
        await asyncio.sleep(0.02)


async def kesu(*arguments: str, **environment: str) -> tuple[int, bytes]:
    """Run the command line as a program of its own: exit status and standard output. Its complaints go to ours."""
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from kesu.cli import app; app()", *arguments,
        stdout=asyncio.subprocess.PIPE, env=os.environ | environment,
    )  # fmt: skip
    async with asyncio.timeout(TIMEOUT_S * 2):
        out, _ = await run.communicate()
    assert run.returncode is not None
    return run.returncode, out
