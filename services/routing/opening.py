"""Opens the words of complaints; waits where the customer's key may be about to come."""

import time
from collections.abc import Sequence
from typing import Final

from shared.database import Connection
from shared.errors import NotNow, Stopped
from shared.events.intake import ComplaintReceived
from shared.vault import Vault

KEY_WAIT_S: Final = 120.0  # intake takes in the keys of some days when it starts


class Opening:
    """Remembers since when a key is missed: under a database restored from an older backup intake takes its keys in first."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._key_missed_s: float | None = None

    async def texts(self, conn: Connection, received: Sequence[ComplaintReceived]) -> list[str]:
        """The words of each complaint; "" where it came without, or the customer is erased. Raises NotNow, Stopped."""
        try:
            opened = await self._vault.open(conn, [(e.customer_id, e.id, e.sealed) for e in received if e.sealed])
        except Stopped as error:
            now = time.monotonic()
            self._key_missed_s = now if self._key_missed_s is None else self._key_missed_s
            if error.code != "customer_key_lost" or now - self._key_missed_s >= KEY_WAIT_S:
                raise
            raise NotNow(f"a customer's key is not there yet: {error.en}") from error
        self._key_missed_s = None
        words = iter(opened)
        found = [next(words) if event.sealed else None for event in received]
        return [personal.text if personal else "" for personal in found]
