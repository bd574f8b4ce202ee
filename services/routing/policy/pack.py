"""Policy packs: a folder of tables, lexicons and texts, read once, checked as a whole, and named by its content."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar, get_args, get_type_hints

import msgspec

from services.routing.policy import rows
from services.routing.policy.advice import Advice, build_advice
from services.routing.policy.documents import Documents, documents_of
from services.routing.policy.errors import PackError
from services.routing.policy.guards import GUARD_TEXTS
from services.routing.policy.learned import LEARNED_TEXTS, LearnedLayer, load_layer
from services.routing.policy.lexicon import Lexicon, build_lexicon
from services.routing.policy.profile import Profile, build_profile
from services.routing.policy.source import DEFAULT_PACK, PackSource, read_source
from services.routing.policy.tables import Compiler, Row
from services.routing.policy.weights import Weights, build_weights
from shared.events.envelope import Language

__all__ = ["DEFAULT_PACK", "Pack", "build_pack", "load_pack"]

_MAY_BE_SILENT: Final = frozenset({"difficult", "score", "clocks", "tactics"})
"""Tables of which no row need hold; a pack of earlier days may be without them."""

R = TypeVar("R", bound=Row)


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A policy in force: everything the rules ask, ready to use. Loaded once per process, shared, never changed.

    `source` are the files it was made of, `documents` what they say once inheritance is applied: further tables are read there.
    """

    name: str
    content_hash: str
    source: PackSource
    documents: Documents
    settings: rows.Settings
    lexicon: Lexicon
    causes: tuple[rows.CauseRow, ...]
    other_cause: rows.CauseRow
    weights: Weights
    tables: rows.Tables
    advice: Advice
    profile: Profile
    learned: LearnedLayer | None
    asked: tuple[str, ...]
    regions: Mapping[str, str]
    texts: Mapping[str, Mapping[Language, str]]

    def text(self, rule_id: str, lang: Language) -> str:
        """Why rule `rule_id` exists, for people; raises KeyError for a rule this pack does not have."""
        return self.texts[rule_id][lang]


def load_pack(which: Path | str | None = None) -> Pack:
    """Read, check and compile the pack in folder `which`, or the default pack of that name (None: telecom).

    Raises PackError, which names what is wrong.
    """
    return build_pack(read_source(which))


def build_pack(source: PackSource) -> Pack:
    """Check and compile the pack that `source` holds; PackError names what is wrong."""
    files = documents_of(source)
    settings = files.one("pack", rows.Settings)
    lexicon = lexicon_of(files)
    causes = tuple(files.many("causes", rows.CauseRow))
    weights = build_weights(files.one("points", rows.Points), causes, lexicon.signals)
    profile = build_profile(files, lexicon.signals)
    compiler = Compiler(lexicon.signals)
    tables = _tables(files, compiler)
    return Pack(
        name=settings.name,
        content_hash=source.content_hash,
        source=source,
        documents=files,
        settings=settings,
        lexicon=lexicon,
        causes=causes,
        other_cause=_other_cause(causes),
        weights=weights,
        tables=tables,
        advice=build_advice(files, tables.tactics),
        profile=profile,
        learned=load_layer(files.members),
        asked=compiler.finish(),
        regions={word.lower(): region for region, words in settings.regions.items() for word in (region, *words)},
        texts=_texts(causes, tables, profile),
    )


def lexicon_of(files: Documents) -> Lexicon:
    """All word lists of a pack, ready; raises PackError."""

    def merged(prefix: str) -> dict[str, list[str]]:
        words: dict[str, list[str]] = {}
        for name in files.named(f"lexicons/{prefix}"):
            for signal, listed in files.one(name, dict[str, list[str]]).items():
                words.setdefault(signal, []).extend(listed)
        return words

    return build_lexicon(signals=merged("signals"), topics=merged("topics"), marks=merged("marks"))


def _tables(files: Documents, compiler: Compiler) -> rows.Tables:
    """All tables, in the order of `rows.Tables`: its annotations say which row type each of them has."""
    built = {}
    for name, annotation in get_type_hints(rows.Tables).items():
        (row_type,) = get_args(annotation)
        is_there = f"tables/{name}" in files.trees or name not in _MAY_BE_SILENT
        found = files.many(f"tables/{name}", row_type) if is_there else []
        if name not in _MAY_BE_SILENT and not any(r.otherwise and not r.when and not r.of for r in found):
            raise PackError(table=name, row="-", zh="缺少无条件的 otherwise 行", en="no row that decides otherwise")
        built[name] = compiler.table(name, found)
    return rows.Tables(**built)


def _other_cause(causes: Sequence[rows.CauseRow]) -> rows.CauseRow:
    """The row for a text without any sign of a cause: the one of cause `other` that needs none."""
    for row in causes:
        if row.cause == "other" and not row.signs:
            return row
    raise PackError(table="causes", row="-", zh="缺少无需信号的“其他”原因", en="no row of cause other without signs")


def _texts(causes: Sequence[rows.CauseRow], tables: rows.Tables, profile: Profile) -> dict[str, Mapping[Language, str]]:
    texts: dict[str, Mapping[Language, str]] = {**GUARD_TEXTS, **LEARNED_TEXTS}
    entries = [("causes", row.id, row.zh, row.en) for row in causes]
    for name in rows.Tables.__struct_fields__:
        entries += [(name, rule.row.id, rule.row.zh, rule.row.en) for rule in getattr(tables, name).rules]
    entries += [("profile", row.id, row.zh, row.en) for row in profile.all]
    for table, row, zh, en in entries:
        if row in texts:
            raise PackError(table=table, row=row, zh="编号已被使用", en="this id is already used")
        if not zh.strip() or not en.strip():
            raise PackError(table=table, row=row, zh="缺少中文或英文文本", en="a zh or en text is missing")
        texts[row] = {"zh": zh, "en": en}
    return texts
