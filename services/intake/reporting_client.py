"""Asks reporting's read API how a complaint went on; its absence is no reason to answer nothing."""

import httpx
import msgspec
import structlog

_log = structlog.get_logger(__name__)
BYTES_MAX = 1_000_000


class ReportingClient:
    """One client with its own connections and a short patience."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._client: httpx.AsyncClient | None = None

    async def complaint(self, complaint_id: str) -> bytes | None:
        """Reporting's view (a JSON object); None where it is away or does not know the complaint yet."""
        if not self._url:
            return None
        if self._client is None:
            self._client = httpx.AsyncClient(base_url=self._url, timeout=self._timeout_s)
        try:
            response = await self._client.get(f"/v1/complaints/{complaint_id}")
        except httpx.HTTPError as error:
            _log.info("reporting_away", error=type(error).__name__)
            return None
        if response.status_code != 200 or len(response.content) > BYTES_MAX:
            return None
        try:
            msgspec.json.decode(response.content, type=dict[str, msgspec.Raw])
        except msgspec.DecodeError:
            return None
        return response.content

    async def close(self) -> None:
        """Close the connections."""
        if self._client:
            await self._client.aclose()
