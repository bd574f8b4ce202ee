"""Who may submit what: a closed table, one line per kind of submission (complaints come from any channel)."""

from typing import Final

from services.intake.model import Refused
from shared.events.envelope import Role

ROLES: Final[dict[str, frozenset[Role]]] = {
    "kesu.submission.contact.v1": frozenset({"agent", "handler", "unit", "supervisor", "system"}),
    "kesu.submission.information.v1": frozenset({"customer", "channel", "agent", "handler", "unit", "supervisor"}),
    "kesu.submission.acceptance.v1": frozenset({"unit"}),
    "kesu.submission.refusal.v1": frozenset({"unit"}),
    "kesu.submission.proposal.v1": frozenset({"handler", "unit", "supervisor"}),
    "kesu.submission.delivery.v1": frozenset({"agent", "handler", "supervisor"}),
    "kesu.submission.withdrawal.v1": frozenset({"customer", "channel", "agent", "handler", "supervisor"}),
    "kesu.submission.link.v1": frozenset({"agent", "handler", "supervisor"}),
    "kesu.submission.merge.v1": frozenset({"handler", "supervisor"}),
    "kesu.submission.split.v1": frozenset({"handler", "supervisor"}),
    "kesu.submission.survey.v1": frozenset({"customer", "channel", "system"}),
    "kesu.submission.override.v1": frozenset({"supervisor"}),
    "kesu.submission.repin.v1": frozenset({"supervisor", "policy_owner"}),
    "kesu.submission.pack.v1": frozenset({"policy_owner"}),
    "kesu.submission.roster.v1": frozenset({"supervisor", "policy_owner", "system"}),
    "kesu.submission.incident-confirmation.v1": frozenset({"supervisor"}),
    "kesu.submission.incident-dismissal.v1": frozenset({"supervisor"}),
}


def check_role(type_: str, role: Role) -> None:
    """Raises Refused where `role` may not submit `type_`."""
    if role not in ROLES[type_]:
        raise Refused("role_not_allowed", f"{role} may not submit {type_}", path="$.role")
