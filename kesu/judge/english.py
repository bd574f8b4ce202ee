"""The English side on real complaints without labels: how many get a cause that says something, and a unit."""

import csv
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from kesu.assessing.rows import InputRow
from kesu.assessing.run import Assessor
from kesu.judge.bootstrap import drawn, range_of
from kesu.judge.parts import Which
from services.routing.policy.pack import Pack

TEXTS: Final = "comcast_dates_fixed.csv"
ID, TEXT = "Ticket #", "Customer Complaint"
NOW: Final = datetime(2016, 1, 1, tzinfo=UTC)
MUST: Final = 0.9
_COMPANY: Final = re.compile(r"comcast|xfinity", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")


class English(Struct, frozen=True, kw_only=True):
    """Shares of rows: with a unit (every row has a cause), of all; with a cause that is not "other", of those that say more than a name.

    `other` are ids of rows that say more and got no cause, the first ones.
    """

    count: int
    judged: float
    telling: int
    named: float
    low: float
    high: float
    other: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether every row was judged, and enough of them got a cause."""
        return self.judged == 1 and self.named >= MUST


def english_rows(folder: Path, which: Which) -> list[InputRow]:
    """The half of the rows that may be read, or the one that nobody reads; none where the file is not there."""
    path = folder / TEXTS
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [InputRow(id=row[ID], text=row[TEXT], channel="web", lang="en") for row in csv.DictReader(file)]
    half = len(rows) // 2
    return rows[:half] if which == "looked-at" else rows[half:]


def says_more(text: str) -> bool:
    """Whether `text` says more than the company's name."""
    return bool(_LETTERS.search(_COMPANY.sub("", text)))


def measured_english(rows: Sequence[InputRow], pack: Pack) -> English:
    """What `pack` makes of these rows."""
    assessor = Assessor(pack, now=NOW)
    judged = [assessor.judge(row, number=number) for number, row in enumerate(rows, 1)]
    telling = [one for row, one in zip(rows, judged, strict=True) if says_more(row.text or "")]
    named = [one.cause != "other" for one in telling]
    low, high = range_of([sum(named[i] for i in draw) / len(named) for draw in drawn(len(named))])
    return English(
        count=len(rows), judged=sum(one.unit != "" for one in judged) / len(rows), telling=len(telling),
        named=sum(named) / len(named), low=low, high=high,
        other=tuple(str(one.id) for one in telling if one.cause == "other")[:10],
    )  # fmt: skip
