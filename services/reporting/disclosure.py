"""Who may read what identifies a customer, and what they then see."""

from pydantic import SecretStr
from structlog import get_logger

from services.reporting import reads
from services.reporting.rules.personal import shown
from services.reporting.shown import PersonalState
from shared.database import Connection
from shared.events.envelope import Personal
from shared.reveal_key import RevealKey
from shared.vault import ERASED, Vault

# How often the customer of a complaint was erased.
_ERASURES = """
SELECT count(*) FROM vault.customer_keys
WHERE wrapped IS NULL AND customer_id = (SELECT customer_id FROM reporting.complaints WHERE complaint_id = $1)
"""
log = get_logger(__name__)


class Disclosure:
    """Opens the personal part of complaints: masked for all, readable for who presents `reveal_key`."""

    def __init__(self, vault: Vault, reveal_key: SecretStr | None) -> None:
        self._vault = vault
        self.permit = RevealKey(reveal_key).permit

    async def erasures(self, conn: Connection, complaint_id: str) -> int:
        """How often the customer was erased: the answer changes with it, though the log does not."""
        return int(await conn.fetchval(_ERASURES, complaint_id))

    async def personal(self, conn: Connection, complaint_id: str, *, reveal: bool) -> tuple[PersonalState, Personal]:
        """The personal part of a complaint as it may be seen."""
        event = await reads.receipt(conn, complaint_id)
        if event is None or event.sealed is None:
            return "none", Personal()
        opened = (await self._vault.open(conn, [(event.customer_id, event.id, event.sealed)]))[0]
        if reveal:
            log.info("the personal part of a complaint was revealed", complaint_id=complaint_id)
        return shown(opened, reveal=reveal, erased=ERASED)
