"""A file of submissions as the demo's input."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import msgspec

from deploy.embedded.errors import CannotStart
from kesu.demo.session import Plan
from kesu.generator import Generated, generate
from shared.events.submissions import ComplaintSubmission

COMPLAINT = "kesu.submission.complaint.v1"


def submissions_of(path: Path, plan: Plan) -> Iterator[Generated]:
    """Complaints of an NDJSON file (one ComplaintSubmission a line), spread over the time of `plan` as it would draw them."""
    decode = msgspec.json.Decoder(ComplaintSubmission).decode
    arrivals = generate(plan.complaints, seed=plan.seed, start=plan.start, span=plan.arrivals, facts=False)
    with path.open("rb") as lines:
        for number, (line, arrival) in enumerate(zip((one for one in lines if one.strip()), arrivals, strict=False), 1):
            try:
                submission = decode(line)
            except msgspec.DecodeError as error:
                raise CannotStart(
                    "line_unreadable",
                    zh=f"{path} 第 {number} 条不是投诉提交：{error}",
                    en=f"{path}, line {number} is no complaint submission: {error}",
                ) from None
            yield Generated(COMPLAINT, arrival.at.astimezone(UTC), submission, arrival.truth)
