"""A look at a file before anything is sent: are its dates what they seem?"""

from itertools import islice
from typing import Final, Literal

from kesu.importing.errors import CannotImport
from kesu.importing.fields import text_of
from kesu.importing.findings import RowRefused
from kesu.importing.mapping import Field, Mapping
from kesu.importing.moments import Moments
from kesu.importing.rows import Row, Rows
from kesu.importing.swapped import DateSurvey

ROWS_MAX: Final = 20_000

Swapped = Literal["no", "repair", "keep"]


def dates_of(mapping: Mapping) -> list[Field]:
    """The fields whose formats write day and month both in digits."""
    fields = [mapping.field(name) for name in mapping.fields]
    return [one for one in fields if any("%d" in form and "%m" in form for form in (*one.times, *one.dates))]


def survey(rows: Rows, mapping: Mapping) -> tuple[Swapped, int]:
    """Whether dates look day/month swapped and what the mapping says to do then; how many were doubtful.

    Raises CannotImport where they do and the mapping does not say.
    """
    found = DateSurvey()
    readers = [
        (text_of(one.template, rows.header), Moments((*one.times, *one.dates), zone="", columns=()))
        for one in dates_of(mapping)
    ]
    for row in islice(rows, ROWS_MAX if readers else 0):
        if isinstance(row, Row):
            for said, moments in readers:
                try:
                    found.add(moments.written(said(row.values)))
                except RowRefused:
                    continue
    if not found.looks_swapped():
        return "no", found.doubtful
    if mapping.when_swapped == "stop":
        raise CannotImport(
            "dates_look_swapped",
            zh=f"{found.doubtful} 行的日期看起来日月颠倒；在映射里写 when_swapped: repair（换回）或 keep（原样），什么都还没有发送",
            en=f"in {found.doubtful} rows day and month look swapped; say `when_swapped: repair` or `keep` in the mapping; nothing was sent",
        )
    return mapping.when_swapped, found.doubtful
