"""What a customer's earlier cases say at the moment of a decision."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from shared.events.routing import History

COMPLAINTS_WINDOW: Final = timedelta(days=30)
PROMISES_WINDOW: Final = timedelta(days=90)


def history_at(
    *, accepted_at: datetime, complaint_id: str, cause: str, earlier: Iterable[tuple[str, datetime, str, str, bool]],
    broken_at: Sequence[datetime] = (),
) -> History:  # fmt: skip
    """The history of a complaint accepted at `accepted_at`, from (complaint, accepted_at, kind, cause, closed) rows.

    Only what was accepted before counts, whatever was decided first: so the order of reading changes nothing.
    """
    mine = (accepted_at, complaint_id)
    recent = [
        row
        for row in earlier
        if row[2] == "complaint" and (row[1], row[0]) < mine and row[1] > accepted_at - COMPLAINTS_WINDOW
    ]
    return History(
        complaints_30d=len(recent),
        same_cause_30d=sum(row[3] == cause for row in recent),
        open_now=sum(not row[4] for row in recent),
        promises_broken_90d=sum(accepted_at - PROMISES_WINDOW < at <= accepted_at for at in broken_at),
        last_received_at=max((row[1] for row in recent), default=None),
    )
