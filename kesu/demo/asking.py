"""One kept connection on which the same small question is asked very often: an ordinary client costs ten times as much."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

ANSWER_TIMEOUT_S: Final = 5.0


class Asking:
    """`GET` of one address over one HTTP/1.1 connection to this machine, made again where it broke."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._request = f"GET {parts.path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self) -> bytes | None:
        """The answer's body; None where nobody answers with 200."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return await self._ask()
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            self.close()
            return None

    async def _ask(self) -> bytes | None:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(self._request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
        if length is None:
            raise ValueError("an answer of unknown length")
        body = await reader.readexactly(int(length[15:]))
        return body if head[9:12] == b"200" else None

    def close(self) -> None:
        """Let go of the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
