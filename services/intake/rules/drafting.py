"""The one way in, pure part: an arrival is checked, normalised and drafted, whatever door it came by."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

from services.intake.model import Arrival, Draft, Refused
from services.intake.rules.complaints import complaint_draft
from services.intake.rules.control import control_draft
from services.intake.rules.facts import fact_draft
from services.intake.rules.key_information import KeyTable
from services.intake.rules.roles import check_role
from shared import ids
from shared.events.submissions import SUBMISSIONS, ComplaintSubmission, ControlSubmission, FactSubmission, Submission

_encode: Final = msgspec.json.Encoder().encode
FINGERPRINT_BYTES: Final = 16
_DEFAULTS: Final = {
    struct: [
        (f.name, f.default)
        for f in fields(struct)
        if isinstance(f.default, Struct) or (f.default and isinstance(f.default, str))
    ]
    for struct in SUBMISSIONS.values()
}


class Drafting(Struct, frozen=True):
    """What drafting needs to know: customers' pseudonyms, the key of fingerprints, the key-information table.

    `identify` turns (tenant, identity) into a customer_id. The fingerprint is keyed, so that it tells nothing about
    an erased customer's words to who can only guess them. `time_zone` is the centre's: of times in facts that
    name none.
    """

    identify: Callable[[str, str], str]
    fingerprint_key: bytes
    table: KeyTable
    time_zone: str = "Asia/Shanghai"

    def draft(self, arrival: Arrival) -> Draft:
        """What is to become of `arrival`; raises Refused where nothing can."""
        submission = canonical(arrival.submission)
        submission_id = ids.derive("submission", submission.tenant, submission.source, submission.source_id)
        fingerprint = self.fingerprint(arrival.type, submission)
        match submission:
            case ComplaintSubmission():
                return complaint_draft(
                    arrival,
                    submission,
                    submission_id=submission_id,
                    fingerprint=fingerprint,
                    table=self.table,
                    identify=self.identify,
                )
            case FactSubmission():
                check_role(arrival.type, submission.role)
                return fact_draft(
                    arrival,
                    submission,
                    submission_id=submission_id,
                    fingerprint=fingerprint,
                    time_zone=self.time_zone,
                )
            case ControlSubmission():
                check_role(arrival.type, submission.role)
                return control_draft(
                    arrival,
                    submission,
                    submission_id=submission_id,
                    fingerprint=fingerprint,
                    time_zone=self.time_zone,
                )
            case _:
                raise Refused("submission_type_unknown")

    def fingerprint(self, type_: str, submission: Submission) -> bytes:
        """What tells two submissions of the same id apart: a keyed digest of the type and the content."""
        digest = blake2b(_encode(submission), digest_size=FINGERPRINT_BYTES, key=self.fingerprint_key)
        digest.update(type_.encode())
        return digest.digest()


def canonical(submission: Submission) -> Submission:
    """`submission` with stated defaults as if they had not been stated: both are one content, and must be one in bytes.

    msgspec leaves a default out by identity, so a text or struct that was read is written although it equals the
    default. All other defaults (numbers, literals, empty texts) are one object wherever they come from.
    """
    stated = {}
    for name, default in _DEFAULTS[type(submission)]:
        value = getattr(submission, name)
        if value is not default and value == default:
            stated[name] = default
    return replace(submission, **stated) if stated else submission
