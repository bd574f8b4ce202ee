"""One file judged from beginning to end: one line for each of its rows, in their order."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from time import monotonic

import msgspec
from msgspec import Struct

from kesu.assessing.cases import Cases
from kesu.assessing.earlier import Earlier
from kesu.assessing.errors import RowUnusable
from kesu.assessing.judged import Judged, Unjudged, judged, unjudged
from kesu.assessing.opened import Opened
from kesu.assessing.rows import Customer, Id, InputRow, id_in
from kesu.importing.rows import BadRow, Row
from services.intake.key_table import key_table
from services.routing.policy.pack import Pack
from services.routing.rules import judge, read_words
from shared.events.intake import Channel
from shared.events.routing import History

WATCHED_ROWS = 256


class Summary(Struct, frozen=True, kw_only=True):
    """What became of the rows: `faults` counts those without a judgement by code, `notes` what was left out of others."""

    rows: int
    judged: int
    faults: dict[str, int]
    notes: dict[str, int]
    seconds: float


class Assessor:
    """Judges rows one after the other; a row's customer has the history of the rows before it."""

    def __init__(self, pack: Pack, *, now: datetime, channel: Channel | None = None) -> None:
        self.notes: Counter[str] = Counter()
        self._pack = pack
        self._cases = Cases(table=key_table(), now=now, notes=self.notes, channel=channel)
        self._earlier = Earlier()

    def judge(self, row: InputRow, *, number: int) -> Judged:
        """The judgement of the file's `number`th row; raises RowUnusable."""
        if row.id is None or row.id == "":
            raise RowUnusable("id_missing", "id")
        case = self._cases.case(row, number=number)
        words = read_words(case, self._pack)
        customer = _customer(row)
        cause = words.cause.row.cause
        history = self._earlier.history(customer, case, cause=cause) if customer else History()
        verdict = judge(case, words, history, self._pack)
        if customer:
            self._earlier.add(customer, case, verdict.assessment)
        return judged(row.id, case.text, verdict)


def assess(
    opened: Opened, assessor: Assessor, *, write: Callable[[bytes], object], watch: Callable[[int, int], None]
) -> Summary:
    """Write a line of JSON for every row; `watch` is told now and then how many rows, and bytes of the file, are read."""
    began, faults, count = monotonic(), Counter[str](), 0
    encode = msgspec.json.Encoder().encode
    for line in _lines(opened, assessor):
        if isinstance(line, Unjudged):
            faults[line.error.code] += 1
        write(encode(line) + b"\n")
        count += 1
        if count % WATCHED_ROWS == 0:
            watch(count, opened.source.read_bytes)
    watch(count, opened.source.read_bytes)
    return Summary(
        rows=count, judged=count - faults.total(), faults=dict(faults), notes=dict(assessor.notes),
        seconds=monotonic() - began,
    )  # fmt: skip


def _lines(opened: Opened, assessor: Assessor) -> Iterator[Judged | Unjudged]:
    read = opened.read
    for number, row in enumerate(opened, start=1):
        if isinstance(row, BadRow):
            yield unjudged(RowUnusable(row.refusal.code), row_id=None, line=row.line)
            continue
        try:
            yield assessor.judge(read(row.values), number=number)
        except RowUnusable as error:
            yield unjudged(error, row_id=_id_of(opened, row), line=row.line)


def _id_of(opened: Opened, row: Row) -> Id | None:
    return id_in(row.values[0]) if opened.is_json else opened.id_of(row)


def _customer(row: InputRow) -> str:
    """What tells the row's customer from others; empty where nothing does."""
    if isinstance(row.customer, Customer):
        return row.customer.name
    return str(row.customer) if row.customer is not None else ""
