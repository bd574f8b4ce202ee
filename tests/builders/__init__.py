"""Ready-made events, one builder per type and one file per publisher: `received(channel="web")`.

`EVENTS` and `SUBMISSIONS` hold all of them by what they build, so that a new type without an example fails a test.
"""

from collections.abc import Callable
from typing import Final

from shared.events.envelope import Fact
from shared.events.submissions import Submission
from tests.builders import submissions
from tests.builders.followup import (
    callback,
    callback_requested,
    callback_settled,
    closed,
    holding_reply_requested,
    next_promise,
    planned,
    promise,
    promise_broken,
    promise_kept,
    promise_renewed,
    reopened,
)
from tests.builders.intake import (
    assignment_accepted,
    assignment_refused,
    contact_recorded,
    customer_erased,
    incident_confirmed,
    incident_dismissed,
    information_supplied,
    linked,
    merged,
    pack_submitted,
    received,
    repinned,
    roster_changed,
    solution_delivered,
    solution_proposed,
    split,
    strategy_overridden,
    survey_answered,
    withdrawn,
)
from tests.builders.routing import assessment, decision, pack_activated, pack_refused, routed

__all__ = [
    "assessment",
    "assignment_accepted",
    "assignment_refused",
    "callback",
    "callback_requested",
    "callback_settled",
    "closed",
    "contact_recorded",
    "customer_erased",
    "decision",
    "holding_reply_requested",
    "incident_confirmed",
    "incident_dismissed",
    "information_supplied",
    "linked",
    "merged",
    "next_promise",
    "pack_activated",
    "pack_refused",
    "pack_submitted",
    "planned",
    "promise",
    "promise_broken",
    "promise_kept",
    "promise_renewed",
    "received",
    "reopened",
    "repinned",
    "roster_changed",
    "routed",
    "solution_delivered",
    "solution_proposed",
    "split",
    "strategy_overridden",
    "submissions",
    "survey_answered",
    "withdrawn",
]

EVENTS: Final[tuple[Callable[[], Fact], ...]] = (
    *(received, contact_recorded, information_supplied, assignment_accepted, assignment_refused, solution_proposed),
    *(solution_delivered, withdrawn, linked, merged, split, survey_answered, strategy_overridden, roster_changed),
    *(repinned, pack_submitted, pack_refused),
    *(
        incident_confirmed,
        incident_dismissed,
        customer_erased,
        routed,
        pack_activated,
        planned,
        promise_kept,
        promise_renewed,
    ),
    *(promise_broken, holding_reply_requested, callback_requested, callback_settled, closed, reopened),
)
SUBMISSIONS: Final[tuple[Callable[[], Submission], ...]] = (
    *(submissions.complaint, submissions.contact, submissions.information, submissions.acceptance),
    *(submissions.refusal, submissions.proposal, submissions.delivery, submissions.withdrawal, submissions.link),
    *(submissions.merge, submissions.split, submissions.survey, submissions.override, submissions.roster),
    *(submissions.repin, submissions.pack),
    *(submissions.incident_confirmation, submissions.incident_dismissal),
)
