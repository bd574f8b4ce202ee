"""A small bounded HTTP/1.1 client for load on loopback: keep-alive connections that each send one request at a time."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

CONNECTIONS: Final = 64


class Answered(Struct, frozen=True):
    """How many requests got which status, and how long it took."""

    statuses: dict[int, int]
    seconds: float


def post(path: str, body: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """The bytes of a POST request."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def send_all(port: int, requests: Sequence[bytes], *, connections: int = CONNECTIONS) -> Answered:
    """Send `requests` to 127.0.0.1:`port`, each once, over `connections` connections."""
    statuses: dict[int, int] = {}
    waiting = iter(requests)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(_connection(port, waiting, statuses) for _ in range(connections)))
    return Answered(statuses, asyncio.get_running_loop().time() - began)


async def _connection(port: int, waiting: Iterator[bytes], statuses: dict[int, int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in waiting:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            statuses[status] = statuses.get(status, 0) + 1
            await reader.readexactly(_length(head))
    finally:
        writer.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0
