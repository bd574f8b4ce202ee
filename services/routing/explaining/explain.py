"""One decision explained: pure, from the fact as it was published, the pack that decided, and the words if they may be read."""

import msgspec

from services.routing.explaining.advice import articles_shown, tactics_shown
from services.routing.explaining.conclusions import Concluding
from services.routing.explaining.marks import evidence_of, marks_of
from services.routing.explaining.rules import tables_shown
from services.routing.explaining.seen import history_seen, seen_of
from services.routing.explaining.shown import Conclusion, Explanation, ShownPack
from services.routing.policy.pack import Pack
from shared.events.envelope import Language
from shared.events.routing import ComplaintRouted

_SUMMARY = ("kind", "causes", "severity", "unit", "strategy")


def explain(event: ComplaintRouted, pack: Pack | None, *, text: str, lang: Language) -> Explanation:
    """Why `event` decided as it did, in `lang`. `pack` None: its body is not at hand; `text` "": the words are not shown."""
    evidence, all_said = evidence_of(event, text, pack)
    seen = seen_of(event, evidence, pack, all_said=all_said)
    marks = marks_of(evidence, text=text, lang=lang, pack=pack)
    tables = tables_shown(event.rules, seen, lang, pack)
    conclusions = tuple(Concluding(event, tables, marks, lang, pack).all())
    return Explanation(
        revision=event.revision,
        because=event.because,
        received_at=event.received_at,
        decided_at=event.decided_at,
        pack=_pack(event, pack, lang),
        control_offset=event.control_offset,
        summary=_summary(conclusions, lang),
        conclusions=conclusions,
        marks=marks,
        history=history_seen(event.history, lang, pack) if pack else (),
        tables=tables,
        tactics=tactics_shown(event.decision, lang, pack) if pack else (),
        articles=articles_shown(event.assessment, event.decision, lang, pack) if pack else (),
        event=msgspec.to_builtins(event),
    )


def _pack(event: ComplaintRouted, pack: Pack | None, lang: Language) -> ShownPack:
    if pack is None:
        return ShownPack(content_hash=event.pack or "", known=False)
    title = pack.settings.zh if lang == "zh" else pack.settings.en
    return ShownPack(content_hash=pack.content_hash, name=pack.name, title=title)


def _summary(conclusions: tuple[Conclusion, ...], lang: Language) -> str:
    """One sentence for who has no time."""
    by_name = {one.name: one for one in conclusions}
    parts = [by_name[name].says for name in _SUMMARY if name in by_name]
    severity = by_name["severity"]
    why = ("，" if lang == "zh" else ", ").join(severity.why[:3])
    reason = (f"（{why}）" if lang == "zh" else f" ({why})") if why else ""
    parts[2] += reason
    return ("；" if lang == "zh" else "; ").join(parts) + ("。" if lang == "zh" else ".")
