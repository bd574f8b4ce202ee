"""The check of a pack, whole: what `kesu policy check` shows and what stands between a pack and its activation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from services.routing.examining.examples import Example, examples_of, run_examples
from services.routing.examining.findings import Finding, Report, not_loaded
from services.routing.examining.loading import try_loading
from services.routing.examining.reach import find_unreachable
from services.routing.examining.times import find_missing_times
from services.routing.examining.wording import find_idle_words, find_wording
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack
from services.routing.policy.source import PackSource, read_source
from services.routing.policy.yaml_files import parse_yaml

_GRAVITIES: Final = ("error", "warning", "note")


def examine_folder(which: Path | str | None) -> Report:
    """Check the pack in a folder, or a default pack by its name."""
    try:
        source = read_source(which)
    except PackError as problem:
        return Report(name=str(which or ""), content_hash="", findings=tuple(not_loaded([problem])))
    return examine(source)


def examine(source: PackSource) -> Report:
    """Check the pack in `source`: errors first, then warnings, then notes."""
    pack, reasons = try_loading(source)
    if pack is None:
        return Report(name=_name(source), content_hash=source.content_hash, findings=tuple(not_loaded(reasons)))
    try:
        examples = examples_of(pack)
        found = _findings(pack, examples)
    except PackError as problem:
        examples, found = (), not_loaded([problem])
    ordered = sorted(found, key=lambda one: _GRAVITIES.index(one.gravity))
    return Report(name=pack.name, content_hash=pack.content_hash, findings=_unique(ordered), examples=len(examples))


def _findings(pack: Pack, examples: tuple[Example, ...]) -> list[Finding]:
    """Examples are judged only where the tables themselves are in order."""
    found = [*find_wording(pack), *find_missing_times(pack), *find_unreachable(pack.tables), *find_idle_words(pack)]
    if not any(one.gravity == "error" for one in found):
        found.extend(run_examples(pack, examples))
    return found


def _unique(found: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(found))


def _name(source: PackSource) -> str:
    """What a pack that cannot be loaded calls itself."""
    try:
        settings = parse_yaml("pack", source.layers[-1].get("pack.yaml", b""))
    except PackError:
        return ""
    return str(settings.get("name", ""))[:200] if isinstance(settings, dict) else ""
