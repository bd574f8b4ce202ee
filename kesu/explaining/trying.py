"""A sentence tried out with a pack, without any service: judged as a complaint without history, and explained."""

from datetime import datetime
from typing import Final
from uuid import UUID

from services.intake.rules.text import language_of, normalised
from services.routing.explaining.explain import explain
from services.routing.explaining.shown import Decisions
from services.routing.model import Case
from services.routing.policy.pack import Pack
from services.routing.rules import decide
from shared.events.envelope import Actor, Language
from shared.events.intake import Channel
from shared.events.routing import ComplaintRouted, History

NOBODY: Final = str(UUID(int=0))


def try_out(text: str, pack: Pack, *, channel: Channel, at: datetime, lang: Language) -> Decisions:
    """What Kesu would decide about `text` received at `at`, explained in `lang`."""
    text = normalised(text)
    case = Case(complaint_id=NOBODY, channel=channel, lang=language_of(text), text=text, received_at=at)
    verdict = decide(case, History(), pack)
    event = ComplaintRouted(
        id=NOBODY, actor=Actor(role="system", id="routing"), occurred_at=at, accepted_at=at, causation_id=NOBODY,
        correlation_id=NOBODY, pack=pack.content_hash, complaint_id=NOBODY, customer_id=NOBODY, lang=case.lang,
        assessment=verdict.assessment, decision=verdict.decision, rules=verdict.rules, received_at=at, channel=channel,
    )  # fmt: skip
    explained = explain(event, pack, text=text, lang=lang)
    return Decisions(complaint_id=NOBODY, lang=lang, text_state="revealed", text=text, revisions=(explained,))
