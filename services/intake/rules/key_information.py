"""Key information (domain 3.4): which facts a cause needs, and which of those given contradict each other."""

from functools import cached_property

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct
from msgspec.structs import asdict

from services.intake.rules.checks import Context, contradictions
from shared.events.intake import KeyFacts, KeyFinding, Stated


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """What one cause (or some of its sub-causes) needs, and the words by which it is guessed."""

    id: str
    cause: str
    needs: tuple[str, ...]
    sub_causes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    warranty_days: int = 0


class Words(Struct, frozen=True):
    """A text in both languages."""

    zh: str
    en: str


class KeyTable(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The table of key_information.yaml: rows, tolerance, and the texts of fields and findings."""

    rows: tuple[Row, ...]
    fields: dict[str, Words]
    findings: dict[str, Words]
    amount_tolerance_percent: int = 0

    @cached_property
    def words(self) -> tuple[AhoCorasick, tuple[tuple[int, ...], ...]]:
        """What finds every word of the table in one pass, and for each of these words the rows it stands for."""
        rows_of: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            for word in dict.fromkeys(row.words):
                rows_of.setdefault(word, []).append(number)
        return AhoCorasick(list(rows_of), MatchKind.Standard, store_patterns=False), tuple(map(tuple, rows_of.values()))


def key_findings(
    table: KeyTable, *, facts: KeyFacts, stated: Stated, text: str, context: Context
) -> tuple[KeyFinding, ...]:
    """What is missing or contradictory in a complaint's facts; nothing of it ever stops the complaint."""
    row = row_of(table, stated=stated, text=text)
    found = [KeyFinding("missing", field) for field in row.needs if not _given(facts, field)] if row else []
    warranty_days = row.warranty_days if row else 0
    found += contradictions(
        facts, context, warranty_days=warranty_days, tolerance_percent=table.amount_tolerance_percent
    )
    return tuple(found)


def row_of(table: KeyTable, *, stated: Stated, text: str) -> Row | None:
    """The row of the stated cause, else the one whose words the text has most of; None where nothing points to one."""
    if stated.cause:
        of_cause = [row for row in table.rows if row.cause == stated.cause]
        exact = [row for row in of_cause if stated.sub_cause in row.sub_causes]
        whole = [row for row in of_cause if not row.sub_causes]
        return next(iter(exact + whole), None)
    automaton, rows_of = table.words
    hits = [0] * len(table.rows)
    for word in {word for word, _, _ in automaton.find_matches_as_indexes(text.lower(), overlapping=True)}:
        for row in rows_of[word]:
            hits[row] += 1
    most = max(hits, default=0)
    return table.rows[hits.index(most)] if most else None


def finding_texts(table: KeyTable, finding: KeyFinding) -> Words:
    """A finding in both languages, with the field it is about."""
    field = table.fields.get(finding.field, Words(finding.field, finding.field))
    what = table.findings.get(finding.code, Words(finding.code, finding.code))
    return Words(zh=f"{what.zh}：{field.zh}", en=f"{what.en}: {field.en}")


def unknown_names(table: KeyTable) -> list[str]:
    """Names in the table that no key fact or text answers to; a table with any is refused at start."""
    known = asdict(KeyFacts()).keys()
    needs = {name for row in table.rows for name in row.needs}
    return sorted(name for name in needs if name not in known or name not in table.fields)


def _given(facts: KeyFacts, field: str) -> bool:
    value = getattr(facts, field)
    return value is not None and value != "" and value is not False
