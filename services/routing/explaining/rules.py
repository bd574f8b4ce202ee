"""The trail of a decision as questions: which rule decided each, which held and lost, and what they saw."""

from typing import Final

from services.routing.explaining.seen import Seen, rows_of, saw, saw_signs
from services.routing.explaining.shown import SeenFact, ShownRule, ShownTable
from services.routing.explaining.wording import TABLES, row_said, said
from services.routing.policy.advice_rows import TacticRow
from services.routing.policy.pack import Pack
from services.routing.policy.profile import TypeRow
from services.routing.policy.rows import ScoreRow, SeverityRow
from services.routing.policy.tables import Row
from shared.events.envelope import Language
from shared.events.routing import RuleFired

_EVERY: Final = frozenset({
    "score", "difficult", "clocks", "tactics", "guard", "learned", "motives", "latent_demands", "public_risk",
})  # fmt: skip
"""Tables of which every row that holds counts: nothing loses there."""


def tables_shown(trail: tuple[RuleFired, ...], seen: Seen, lang: Language, pack: Pack | None) -> tuple[ShownTable, ...]:
    """Every rule on `trail`, by table in the order they were asked."""
    by_table: dict[str, list[RuleFired]] = {}
    for one in trail:
        by_table.setdefault(one.table, []).append(one)
    rows = rows_of(pack) if pack else {}
    shown = []
    for table, fired in by_table.items():
        winner = next((one.rule for one in fired if one.won), "")
        fired.sort(key=lambda one: not one.won)
        rules = tuple(_rule(one, winner, rows.get(one.rule), seen, lang, pack) for one in fired)
        shown.append(ShownTable(table, said(TABLES, table, lang), rules))
    return tuple(shown)


def _rule(
    fired: RuleFired, winner: str, row: Row | TypeRow | None, seen: Seen, lang: Language, pack: Pack | None
) -> ShownRule:  # fmt: skip
    return ShownRule(
        rule=fired.rule,
        says=row_said(fired.rule, lang, pack),
        won=fired.won,
        lost_to="" if fired.won or fired.table in _EVERY else winner,
        when=_condition(row) if isinstance(row, Row) else "",
        saw=_saw(row, seen, lang, pack) if row and pack else (),
        points=row.points if isinstance(row, ScoreRow) else None,
    )


def _saw(row: Row | TypeRow, seen: Seen, lang: Language, pack: Pack) -> tuple[SeenFact, ...]:
    return saw_signs(row, seen, lang, pack) if isinstance(row, TacticRow | TypeRow) else saw(row, seen, lang, pack)


def _condition(row: Row) -> str:
    """The condition as it stands in the pack, labels included."""
    labels = [f"{name} ∈ {{{', '.join(allowed)}}}" for name, allowed in row.of.items()]
    when = f"({row.when})" if labels and "||" in row.when else row.when
    least = [f"score >= {row.score_from}"] if isinstance(row, SeverityRow) and row.score_from is not None else []
    return " && ".join([*([when] if when else []), *labels, *least])
