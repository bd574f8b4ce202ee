"""Policy packs: a folder of tables, lexicons and texts, read once, checked as a whole, and named by its content."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeVar, get_args, get_type_hints

import msgspec
import yaml

from services.routing.policy import rows
from services.routing.policy.errors import PackError
from services.routing.policy.guards import GUARD_TEXTS
from services.routing.policy.lexicon import Lexicon, build_lexicon
from services.routing.policy.tables import Asked, Compiler, Row
from services.routing.policy.weights import Weights, build_weights
from shared.events.envelope import Language

DEFAULT_PACK: Final = Path(__file__).parents[1] / "packs" / "telecom_cn"
_PACK_BYTES_MAX: Final = 4_000_000
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster; wheels have it

_MAY_BE_SILENT: Final = frozenset({"difficult", "score", "clocks"})  # tables of which no row need hold

T = TypeVar("T")
R = TypeVar("R", bound=Row)


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A policy in force: everything the rules ask, ready to use. Loaded once per process, shared, never changed."""

    name: str
    content_hash: str
    settings: rows.Settings
    lexicon: Lexicon
    causes: tuple[rows.CauseRow, ...]
    other_cause: rows.CauseRow
    weights: Weights
    tables: rows.Tables
    asked: Asked
    regions: Mapping[str, str]
    texts: Mapping[str, Mapping[Language, str]]

    def text(self, rule_id: str, lang: Language) -> str:
        """Why rule `rule_id` exists, for people; raises KeyError for a rule this pack does not have."""
        return self.texts[rule_id][lang]


def load_pack(path: Path | None = None) -> Pack:
    """Read, check and compile the pack in folder `path` (default: the telecom pack); PackError names what is wrong."""
    files = _read(path or DEFAULT_PACK)
    settings = _one(files, "pack", rows.Settings)
    lexicon = _lexicon(files)
    causes = tuple(_many(files, "causes", rows.CauseRow))
    weights = build_weights(_one(files, "points", rows.Points), causes, lexicon.signals)
    compiler = Compiler(lexicon.signals)
    tables = _tables(files, compiler)
    return Pack(
        name=settings.name,
        content_hash=_content_hash(files),
        settings=settings,
        lexicon=lexicon,
        causes=causes,
        other_cause=_other_cause(causes),
        weights=weights,
        tables=tables,
        asked=compiler.finish(),
        regions={word.lower(): region for region, words in settings.regions.items() for word in (region, *words)},
        texts=_texts(causes, tables),
    )


def _read(folder: Path) -> dict[str, bytes]:
    """Every YAML file of the pack by its path without suffix, in a fixed order."""
    files = {p.relative_to(folder).with_suffix("").as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.yaml"))}
    if not files:
        raise PackError(table="pack", row=str(folder), zh="文件夹中没有策略包", en="no pack in this folder")
    if sum(map(len, files.values())) > _PACK_BYTES_MAX:
        raise PackError(table="pack", row=str(folder), zh="策略包过大", en=f"larger than {_PACK_BYTES_MAX} bytes")
    return files


def _content_hash(files: Mapping[str, bytes]) -> str:
    digest = blake2b(digest_size=16, person=b"kesu-pack")
    for name, body in files.items():
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()


def _parse(files: Mapping[str, bytes], name: str) -> object:
    try:
        return yaml.load(files[name], Loader=_Loader)
    except KeyError:
        raise PackError(table=name, row="-", zh="缺少该文件", en="the file is missing") from None
    except yaml.YAMLError as error:
        raise PackError(
            table=name, row="-", zh=f"不是有效的 YAML：{error}", en=f"is not valid YAML: {error}"
        ) from error


def _one(files: Mapping[str, bytes], name: str, type_: type[T]) -> T:
    try:
        return msgspec.convert(_parse(files, name), type_)
    except msgspec.ValidationError as error:
        raise PackError(table=name, row="-", zh=f"取值无效：{error}", en=str(error)) from error


def _many(files: Mapping[str, bytes], name: str, type_: type[T]) -> Sequence[T]:
    """The rows of a table, converted one by one so that an error names its row."""
    parsed = _parse(files, name)
    if not isinstance(parsed, list):
        raise PackError(table=name, row="-", zh="应为行的列表", en="must be a list of rows")
    found: list[T] = []
    for number, row in enumerate(parsed, start=1):
        label = str(row.get("id", number)) if isinstance(row, dict) else str(number)
        try:
            found.append(msgspec.convert(row, type_))
        except msgspec.ValidationError as error:
            raise PackError(table=name, row=label, zh=f"取值无效：{error}", en=str(error)) from error
    return found


def _lexicon(files: Mapping[str, bytes]) -> Lexicon:
    def merged(prefix: str) -> dict[str, list[str]]:
        words: dict[str, list[str]] = {}
        for name in files:
            if name.startswith(f"lexicons/{prefix}"):
                for signal, listed in _one(files, name, dict[str, list[str]]).items():
                    words.setdefault(signal, []).extend(listed)
        return words

    return build_lexicon(signals=merged("signals"), topics=merged("topics"), marks=merged("marks"))


def _tables(files: Mapping[str, bytes], compiler: Compiler) -> rows.Tables:
    """All tables, in the order of `rows.Tables`: its annotations say which row type each of them has."""
    built = {}
    for name, annotation in get_type_hints(rows.Tables).items():
        (row_type,) = get_args(annotation)
        found = _many(files, f"tables/{name}", row_type)
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


def _texts(causes: Sequence[rows.CauseRow], tables: rows.Tables) -> dict[str, Mapping[Language, str]]:
    texts: dict[str, Mapping[Language, str]] = dict(GUARD_TEXTS)
    entries = [("causes", row.id, row.zh, row.en) for row in causes]
    for name in rows.Tables.__struct_fields__:
        entries += [(name, rule.row.id, rule.row.zh, rule.row.en) for rule in getattr(tables, name).rules]
    for table, row, zh, en in entries:
        if row in texts:
            raise PackError(table=table, row=row, zh="编号已被使用", en="this id is already used")
        if not zh.strip() or not en.strip():
            raise PackError(table=table, row=row, zh="缺少中文或英文文本", en="a zh or en text is missing")
        texts[row] = {"zh": zh, "en": en}
    return texts
