"""How what identifies a customer is shown: masked unless revealed, and never once erased."""

from typing import Final

from msgspec.structs import asdict

from services.reporting.shown import PersonalState
from shared.events.envelope import Personal

MASK: Final = "***"


def shown(opened: Personal | None, *, reveal: bool, erased: str) -> tuple[PersonalState, Personal]:
    """What to show of an opened personal part; None stands for one whose key was destroyed, every field reads `erased`."""
    if opened is None:
        return "erased", Personal(**dict.fromkeys(Personal.__struct_fields__, erased))
    if reveal:
        return "revealed", opened
    return "masked", Personal(**{field: MASK for field, value in asdict(opened).items() if value})
