"""Which labelled rows may be read, and which nobody reads.

Rules that are written while looking at rows are right about those rows and wrong about others, so a figure is worth
something only on rows that nobody read. Every labelled row belongs to one of six parts, by a hash of its id alone.
Rows of parts 3 to 5 from a certain id on were kept unread: nobody looked at their texts, their labels or the errors
made on them, and no choice between two ways was made by a figure of theirs. All other rows may be read, but the way
of work is the same in small: look at the errors of one part, measure on another. Rows labelled twice are the stricter
test and are never read either.

What is learned is measured by the same parts: a row is judged by a layer that saw no row of its part.
"""

from hashlib import blake2b
from typing import Final, Literal

PARTS: Final = 6
UNREAD_PARTS: Final = frozenset({3, 4, 5})
UNREAD_FROM: Final = 3731092375074843  # ids grow with time: older rows had been read before the parts were made

Which = Literal["looked-at", "unread"]


def part_of(row_id: str) -> int:
    """The part, 0 to 5, of the row with this id."""
    return int.from_bytes(blake2b(row_id.encode(), digest_size=8).digest(), "big") % PARTS


def is_unread(row_id: str) -> bool:
    """Whether the row is one of those that nobody reads."""
    return part_of(row_id) in UNREAD_PARTS and int(row_id) >= UNREAD_FROM
