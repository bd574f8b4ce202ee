"""Follow-up's policy as tables: which fact keeps which promise, what is opened next, limits and delays."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from shared.events.intake import PromiseKind
from shared.events.routing import Severity

Signal: TypeAlias = Literal[
    "contact:first_response", "contact:progress", "contact:holding_reply", "contact:result", "contact:satisfaction",
    "contact:other", "solution:accepted", "solution:declined",
]  # fmt: skip

# Which signal keeps which kinds, when accepted before the promise is due (a contact counts when the customer was reached).
KEEPS: Final[Mapping[Signal, tuple[PromiseKind, ...]]] = {
    "contact:first_response": ("first_response", "callback"),
    "contact:progress": ("first_response", "progress", "callback"),
    "contact:holding_reply": ("first_response", "callback"),
    "contact:result": ("first_response", "progress", "callback"),
    "contact:satisfaction": ("callback",),
    "contact:other": ("callback",),
    "solution:accepted": ("first_response", "progress", "resolution", "callback", "regulator_reply"),
    "solution:declined": ("first_response", "progress", "resolution", "callback"),
}
# Which signals close a matter that is no complaint.
ANSWERS: Final[frozenset[Signal]] = frozenset(
    {"contact:first_response", "contact:result", "solution:accepted", "solution:declined"}
)

# Working minutes until the next progress promise, where a kept promise leaves none open.
NEXT_PROGRESS_MINUTES: Final[Mapping[Severity, int]] = {"S1": 240, "S2": 480, "S3": 960, "S4": 960}
# Working minutes a supervisor gets for the promise that follows the 1st, 2nd, … broken one of its kind.
AFTER_BROKEN_MINUTES: Final[Mapping[PromiseKind, tuple[int, ...]]] = {
    "first_response": (60, 240, 480, 960),
    "progress": (240, 480, 960),
    "resolution": (480, 960),
    "callback": (120, 480, 960),
    "regulator_reply": (240, 480, 960),
}
RECOVERY_MINUTES: Final = 480
RESULT_CALL_MINUTES: Final = 120

HOLDING_KINDS: Final[frozenset[PromiseKind]] = frozenset({"resolution", "progress"})
HOLDING_LEAD_MINUTES: Final = 120
HOLDING_EXTENSION_MINUTES: Final = 480
RENEWALS_MAX: Final = 2
STATED_DAYS_MAX: Final = 366  # a date further away is no promise anybody can keep

ATTEMPTS_MAX: Final = 5
EXPIRED_ATTEMPTS_MAX: Final = 2  # nobody called in two windows: somebody has to look
RETRY_MINUTES: Final[tuple[int, ...]] = (30, 120)  # after the 1st and 2nd attempt; later ones go to the next day
ATTEMPTS_PER_DAY_MAX: Final = 3
CONVERSATIONS_PER_DAY_MAX: Final = 1
QUIET_FROM_HOUR: Final = 21
QUIET_UNTIL_HOUR: Final = 8
WINDOW_MINUTES_MAX: Final = 120
RETRY_WINDOW_MINUTES: Final = 60

REOPEN_HOURS: Final = 72
DISSATISFIED_SCORE_MAX: Final = 2
SUPERVISOR: Final = "supervisor"
