"""What the rows before say of a customer: the history of a case, as far as the file holds it."""

from datetime import datetime
from typing import Final, TypeAlias

from services.routing.model import Case
from services.routing.rules.history import COMPLAINTS_WINDOW, history_at
from shared.events.routing import Assessment, History

CUSTOMERS_MAX: Final = 500_000  # the ones heard of least recently are forgotten
CASES_MAX: Final = 200  # of one customer
_NO_HISTORY: Final = History()
_Earlier: TypeAlias = tuple[str, datetime, str, str, bool]


class Earlier:
    """Cases by customer. What became of them is not in the file: none counts as open, no promise as broken."""

    def __init__(self) -> None:
        self._of: dict[str, list[_Earlier]] = {}

    def history(self, customer: str, case: Case, *, cause: str) -> History:
        """What was known of `customer` when `case` came in."""
        known = self._of.get(customer)
        if not known:
            return _NO_HISTORY
        return history_at(accepted_at=case.received_at, complaint_id=case.complaint_id, cause=cause, earlier=known)

    def add(self, customer: str, case: Case, assessment: Assessment) -> None:
        """Remember `case` for the rows to come."""
        known = self._of.pop(customer, [])
        since = case.received_at - COMPLAINTS_WINDOW
        kept = [one for one in known if one[1] > since][-CASES_MAX + 1 :]
        kept.append((case.complaint_id, case.received_at, assessment.kind, assessment.cause, True))
        self._of[customer] = kept
        if len(self._of) > CUSTOMERS_MAX:
            del self._of[next(iter(self._of))]
