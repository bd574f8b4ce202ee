"""Which fact of the log would have kept which promise: a second telling of follow-up's policy, from the contract alone.

It is told again on purpose: a verification that asked follow-up's own rules would repeat their mistakes. Limits, all on
the side of saying too little: dates that a holding reply renews are not judged (which promise they renew depends on all
others open then), and neither are decisions (a matter routed as noise), nor a fact accepted before its promise was made.
"""

from collections.abc import Mapping
from typing import Final

from shared.events.intake import ContactRecorded, PromiseKind, SolutionDelivered

EVERY: Final[frozenset[str]] = frozenset({"first_response", "progress", "resolution", "callback", "regulator_reply"})
# What a customer who was reached, or got an answer, was promised no longer (domain section 4).
KEEPS: Final[Mapping[str, frozenset[PromiseKind]]] = {
    "contact:first_response": frozenset({"first_response", "callback"}),
    "contact:progress": frozenset({"first_response", "progress", "callback"}),
    "contact:holding_reply": frozenset({"first_response", "callback"}),
    "contact:result": frozenset({"first_response", "progress", "callback"}),
    "contact:recovery": frozenset({"first_response", "progress", "callback"}),
    "contact:satisfaction": frozenset({"callback"}),
    "contact:other": frozenset({"callback"}),
    "solution:accepted": frozenset({"first_response", "progress", "resolution", "callback", "regulator_reply"}),
    "solution:declined": frozenset({"first_response", "progress", "resolution", "callback"}),
}
# What answers a matter that is no complaint: nothing is owed after it.
ANSWERS: Final = frozenset({"contact:first_response", "contact:result", "solution:accepted", "solution:declined"})


def signal_of_contact(contact: ContactRecorded) -> str:
    """How a contact counts; empty where the customer was not reached."""
    return f"contact:{contact.purpose}" if contact.outcome == "reached" else ""


def signal_of_delivery(delivered: SolutionDelivered) -> str:
    """How the delivery of a solution counts."""
    return "solution:accepted" if delivered.accepted else "solution:declined"


def keeps(signal: str, kind: str, *, complaint: bool) -> bool:
    """Whether `signal` keeps a promise of `kind`; of what is no `complaint` (an inquiry, …) an answer keeps all."""
    return signal == "ended" or (not complaint and signal in ANSWERS) or kind in KEEPS[signal]
