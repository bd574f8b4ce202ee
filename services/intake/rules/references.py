"""Which complaint a submission means."""

import re
from typing import Final

from services.intake.model import Refused
from shared import ids
from shared.events.submissions import Reference

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def referred(reference: Reference, *, tenant: str, path: str) -> str:
    """The complaint_id that `reference` names; both ways of naming it must agree where both are given."""
    derived = ""
    if reference.source and reference.source_id:
        derived = ids.complaint_id(tenant=tenant, source=reference.source, source_id=reference.source_id)
    given = reference.complaint_id.lower()
    if given and not _UUID.fullmatch(given):
        raise Refused("reference_invalid", path=f"{path}.complaint_id")
    if not (given or derived) or (given and derived and given != derived):
        raise Refused("reference_invalid", path=path)
    return given or derived
