"""What follow-up does with a batch of the log: load where complaints stand, let the facts take their course, save."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, cast

from services.followup import store
from services.followup.deciding import Decided, Deciding
from services.followup.model import CustomerDay, Read
from services.followup.rules.course import Course, Setting, take
from services.followup.rules.repeated import ids_led_to, is_repeated
from services.followup.store import SCHEMA, Row
from shared.clock import Clock
from shared.database import Connection
from shared.events.envelope import ComplaintFact, Fact
from shared.events.intake import (
    ComplaintsMerged,
    ComplaintsSplit,
    ComplaintWithdrawn,
    ContactRecorded,
    SolutionDelivered,
    SolutionProposed,
    SurveyAnswered,
)
from shared.events.registry import PUBLISHERS, type_of
from shared.events.routing import ComplaintRouted
from shared.pipeline.records import Outgoing, Record
from shared.saved import stored

READS: Final[tuple[type[Fact], ...]] = (
    ComplaintRouted, ContactRecorded, SolutionProposed, SolutionDelivered, ComplaintWithdrawn, ComplaintsMerged,
    ComplaintsSplit, SurveyAnswered,
)  # fmt: skip


class FollowupHandler:
    """Keeps the ledger of every complaint of the log."""

    reads = frozenset(map(type_of, READS))
    owns = frozenset(map(type_of, PUBLISHERS["followup"]))
    moves_with_save = False

    def __init__(self, *, deciding: Deciding, clock: Clock) -> None:
        self._deciding = deciding
        self._clock = clock

    async def handle(self, conn: Connection, records: Sequence[Record]) -> Sequence[Outgoing]:
        """Let the records take their course; facts that come again lead to what they led to the first time."""
        batch: dict[str, list[Record]] = {}
        for record in records:
            batch.setdefault(_fact(record).complaint_id, []).append(record)
        rows = await store.load(conn, list(batch))
        again = await stored(conn, SCHEMA, _ids_led_to(batch, rows)) if rows else []
        reached = {_fact(found[0]).customer_id for id_, found in batch.items() if id_ in rows or len(found) > 1}
        days = await store.load_days(conn, sorted(reached))
        setting = Setting(self._deciding.calendars, self._clock.now())
        saved = await self._deciding.save(conn, partial(_decide, batch, rows, days, setting), days)
        return [*again, *saved]

    async def adopt(self, conn: Connection, records: Sequence[Record]) -> None:
        """Keep own events that the store has lost: when their causes come again, they stand as they were published."""
        await self._deciding.adopt(conn, [record.event for record in records])


def _decide(
    batch: Mapping[str, Sequence[Record]], rows: Mapping[str, Row], days: Mapping[str, CustomerDay], setting: Setting,
    known: Mapping[str, ComplaintFact],
) -> Decided:  # fmt: skip
    setting = Setting(setting.calendars, setting.now, known) if known else setting
    courses: dict[str, tuple[Row, Course]] = {}
    after = dict(days)
    for complaint_id, records in batch.items():
        first = _fact(records[0])
        row = rows.get(complaint_id) or Row(complaint_id, first.customer_id, records[0].partition)
        course = Course(row.state, after.get(row.customer_id, CustomerDay()))
        for record in records:
            course = take(course, _fact(record), setting)
        if row.customer_id in after:
            after[row.customer_id] = course.day
        courses[complaint_id] = (row, course)
    return Decided(courses, after)


def _ids_led_to(batch: Mapping[str, Sequence[Record]], rows: Mapping[str, Row]) -> list[str]:
    """Ids of events that the repeated facts of this batch may have led to."""
    return [
        id_
        for complaint_id, row in rows.items()
        for record in batch[complaint_id]
        if is_repeated(_fact(record), row.state)
        for id_ in ids_led_to(_fact(record), row.state)
    ]


def _fact(record: Record) -> Read:
    return cast(Read, record.event)
