"""How a submission is put on `kesu.submissions`: a CloudEvent, keyed by the complaint it opens or is about."""

from datetime import datetime
from typing import Final

import msgspec

from shared.events.submissions import FactSubmission, Submission
from shared.ids import complaint_id, derive
from shared.log.headers import TYPE
from shared.pipeline.records import Outgoing

SUBMISSIONS_TOPIC: Final = "kesu.submissions"
_encode = msgspec.json.Encoder().encode


def submission_key(submission: Submission) -> str:
    """The complaint's id: so all that is submitted about one complaint stays in order."""
    if isinstance(submission, FactSubmission):
        about = submission.about
        if about.complaint_id:
            return about.complaint_id
        return complaint_id(tenant=submission.tenant, source=about.source, source_id=about.source_id)
    return complaint_id(tenant=submission.tenant, source=submission.source, source_id=submission.source_id)


def submission_id(submission: Submission) -> str:
    """The derived id of a submission."""
    return derive("submission", submission.tenant, submission.source, submission.source_id)


def submitted(type_: str, submission: Submission, *, at: datetime) -> Outgoing:
    """The record that submits `submission` (CloudEvents type `type_`) at `at`."""
    key = submission_key(submission)
    headers = (
        (TYPE, type_.encode()),
        ("ce_specversion", b"1.0"),
        ("ce_id", submission.source_id.encode()),
        ("ce_source", submission.source.encode()),
        ("content-type", b"application/json"),
        ("ce_partitionkey", key.encode()),
    )
    return Outgoing(
        topic=SUBMISSIONS_TOPIC, key=key, id=submission_id(submission), type=type_, value=_encode(submission),
        headers=headers, timestamp_ms=int(at.timestamp() * 1000),
    )  # fmt: skip
