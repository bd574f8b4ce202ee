"""Tactics and articles of one decision, in one language."""

from collections.abc import Iterator

from services.routing.explaining.shown import ShownArticle, ShownTactic
from services.routing.explaining.wording import VALUES, said
from services.routing.policy.pack import Pack
from shared.events.envelope import Language
from shared.events.routing import Assessment, Decision


def tactics_shown(decision: Decision, lang: Language, pack: Pack) -> tuple[ShownTactic, ...]:
    """The tactics recommended, in the order to use them."""
    rows = {rule.row.id: rule.row for rule in pack.tables.tactics.rules}
    return tuple(
        ShownTactic(
            id_,
            pack.text(id_, lang),
            said(VALUES, row.step, lang),
            row.fit.of(lang),
            row.say.of(lang),
            row.avoid.of(lang),
        )
        for id_ in decision.tactics
        if (row := rows.get(id_))
    )


def articles_shown(
    assessment: Assessment, decision: Decision, lang: Language, pack: Pack
) -> tuple[ShownArticle, ...]:  # fmt: skip
    """What the rules say that the cause touches, and those whose clocks run; none for what is no complaint."""
    if assessment.kind != "complaint":
        return ()
    cause = next((row for row in pack.causes if row.id == assessment.sub_cause), None)
    running = {clock.id for clock in decision.clocks}
    ids = [
        *(cause.rules if cause else ()),
        *(row.id for row in pack.advice.articles.values() if running & set(row.clocks)),
    ]
    touched = {assessment.cause, assessment.sub_cause}
    return tuple(article for id_ in dict.fromkeys(ids) for article in _articles(id_, touched, lang, pack))


def _articles(id_: str, touched: set[str], lang: Language, pack: Pack) -> Iterator[ShownArticle]:
    row = pack.advice.articles.get(id_)
    if row is None:
        return
    caution = "" if row.source_quality == "primary" else said(VALUES, row.source_quality, lang)
    for article in row.articles:
        if not article.causes or touched.intersection(article.causes):
            yield ShownArticle(
                id=id_, title=row.zh if lang == "zh" else row.en, number=article.number.of(lang) if article.number else "", says=article.says.of(lang),
                cited=row.cited.of(lang), source=row.source, source_quality=row.source_quality, caution=caution,
            )  # fmt: skip
