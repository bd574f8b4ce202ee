"""Who may read the words of a complaint, and what the others see: the same rules as reporting's."""

from pydantic import SecretStr
from structlog import get_logger

from services.routing.explaining.shown import PersonalState
from services.routing.received import words_of
from shared.database import Connection
from shared.reveal_key import RevealKey
from shared.vault import Vault

log = get_logger(__name__)


class Revealing:
    """Opens the words of complaints for who presents `reveal_key`; nobody may where none is configured."""

    def __init__(self, vault: Vault, reveal_key: SecretStr | None) -> None:
        self._vault = vault
        self.permit = RevealKey(reveal_key).permit

    async def text_of(self, conn: Connection, complaint_id: str, *, reveal: bool) -> tuple[PersonalState, str]:
        """How the words of a complaint may be seen, and the words themselves where `reveal` was permitted."""
        kept = await words_of(conn, complaint_id)
        if kept is None:
            return "none", ""
        opened = (await self._vault.open(conn, [(kept.customer_id, kept.event_id, kept.sealed)]))[0]
        if opened is None:
            return "erased", ""
        if not reveal:
            return "masked", ""
        log.info("the words of a complaint were revealed", complaint_id=complaint_id)
        return "revealed", opened.text
