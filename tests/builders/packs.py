"""Packs for tests: a company's own rows on the default pack, in a folder, packed, or handed in as a fact."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from services.routing.policy.body import packed
from services.routing.policy.source import PackSource, read_source
from shared.events.intake import PackSubmitted
from tests.builders.intake import pack_submitted

TEXTS = 'zh: "本公司的规则", en: "our own rule"'


def company_folder(folder: Path, files: dict[str, str] | None = None, *, name: str = "harbour") -> Path:
    """A pack in `folder` that extends the default pack: its own `files`, or else one row that sends broadband to a desk."""
    head = f"extends: telecom_cn\nname: {name}\nzh: 港口电信\nen: Harbour Telecom\n"
    row = f"- {{id: ours, unit: {name}_desk, of: {{sub_cause: [broadband]}}, {TEXTS}}}\n"
    without = "".join(
        f"- {{id: {one}, remove: true}}\n" for one in ("example_broadband_down", "example_broadband_in_a_province")
    )
    for path, text in {
        "pack.yaml": head,
        **({"tables/unit.yaml": row, "examples.yaml": without} if files is None else files),
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def company_source(files: dict[str, str] | None = None, *, name: str = "harbour") -> PackSource:
    """The same, read."""
    with TemporaryDirectory() as folder:
        return read_source(company_folder(Path(folder), files, name=name))


def submitted_pack(source: PackSource, /, *, name: str = "harbour", **given: Any) -> PackSubmitted:
    """The fact that hands it in."""
    return pack_submitted(name=name, content_hash=source.content_hash, body=packed(source), **given)
