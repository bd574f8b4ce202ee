"""The policy pack: what it holds, how it is named by its content, and how an error names its place."""

import re
import shutil
import time
from pathlib import Path

import pytest

from services.routing.policy.errors import PackError
from services.routing.policy.pack import DEFAULT_PACK, load_pack
from services.routing.rules import decide
from shared.events.routing import History
from tests.unit.routing.bench import case_of, default_pack, judge

HAN = re.compile(r"[一-鿿]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the default pack to spoil."""
    return Path(shutil.copytree(DEFAULT_PACK, tmp_path / "pack"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_it_loads_within_a_second() -> None:
    started = time.process_time()
    load_pack()
    assert time.process_time() - started < 1


def test_its_name_is_its_content(folder: Path) -> None:
    assert default_pack().content_hash == load_pack(folder).content_hash
    edit(folder, "pack.yaml", "CNY: 500000", "CNY: 500001")
    assert default_pack().content_hash != load_pack(folder).content_hash


def test_every_rule_has_a_text_in_both_languages() -> None:
    pack = default_pack()
    rules = {rule.row.id for name in pack.tables.__struct_fields__ for rule in getattr(pack.tables, name).rules}
    rules |= {row.id for row in pack.causes}
    assert rules <= set(pack.texts)
    for rule in pack.texts:
        assert HAN.search(pack.text(rule, "zh")) and not HAN.search(pack.text(rule, "en"))


def test_every_rule_that_fires_can_be_explained() -> None:
    verdict = judge("你们这群王八蛋,断网一个月了,我已经向工信部投诉了!!!", channel="social")
    assert all(default_pack().text(rule.rule, "en") for rule in verdict.rules)


@pytest.mark.parametrize(
    ("table", "row", "file", "old", "new"),
    [
        ("severity", "s1_extreme", "tables/severity.yaml", "when: 'has_extreme'", "when: 'has_extreme &&'"),
        ("severity", "s1_extreme", "tables/severity.yaml", "when: 'has_extreme'", "when: 'mood > 3'"),
        ("severity", "s1_extreme", "tables/severity.yaml", "when: 'has_extreme'", "when: 'emotion'"),
        ("severity", "s1_extreme", "tables/severity.yaml", "when: 'has_extreme'", "when: 'true, false'"),
        ("severity", "s1_extreme", "tables/severity.yaml", "when: 'has_extreme'", "when: 'has_nonsense'"),
        ("score", "score_amount", "tables/score.yaml", "amount * 10 >= amount_limit", "amount_limit / amount > 3"),
        ("score", "score_tier", "tables/score.yaml", "customer_tier: [gold]", "customer_tier: [platinum]"),
        ("score", "score_tier", "tables/score.yaml", "customer_tier: [gold]", "wealth: [gold]"),
        (
            "tables/severity",
            "s1_extreme",
            "tables/severity.yaml",
            "{id: s1_extreme, severity: S1",
            "{id: s1_extreme, severity: S0",
        ),
        ("tables/severity", "s1_extreme", "tables/severity.yaml", "{id: s1_extreme,", "{id: s1_extreme, colour: red,"),
        ("severity", "-", "tables/severity.yaml", "otherwise: true", "when: abuse"),
        ("severity", "s1_danger", "tables/severity.yaml", "{id: s1_extreme", "{id: s1_danger"),
        ("severity", "s1_extreme", "tables/severity.yaml", 'zh: "极端表达"', 'zh: " "'),
        ("causes", "broadband", "causes.yaml", "{broadband: 3", "{narrowband: 3"),
        ("points", "inquiry", "points.yaml", "inquiry: {asks: 3", "inquiry: {begs: 3"),
        ("marks", "shrug", "lexicons/marks.yaml", "own_voice:", "shrug:"),
        ("lexicons", "law", "lexicons/signals.heat.zh.yaml", "law: [", 'law: ["*", '),
        ("lexicons", "law", "lexicons/topics.zh.yaml", "month: [", "law: ["),
        ("causes", "-", "causes.yaml", "signs: {}", "signs: {fault: 1}"),
        ("pack", "-", "pack.yaml", "broken_promise: 10", "broken_promise: hot"),
        ("points", "-", "points.yaml", "kind:", "kind: ["),
    ],
)
def test_an_error_names_table_and_row(folder: Path, table: str, row: str, file: str, old: str, new: str) -> None:
    edit(folder, file, old, new)
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert (table, row) == (caught.value.table, caught.value.row)
    assert HAN.search(caught.value.texts["zh"]) and table in caught.value.texts["en"]


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "tables" / "unit.yaml").unlink()
    with pytest.raises(PackError, match="tables/unit"):
        load_pack(folder)


def test_an_empty_folder_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no pack"):
        load_pack(tmp_path)


def test_a_condition_that_fails_on_a_case_names_its_row(folder: Path) -> None:
    edit(folder, "tables/score.yaml", "when: 'emotion >= 9'", "when: '100 / (emotion - 5) > 1'")
    pack = load_pack(folder)
    decide(case_of("家里宽带网速太慢", lang="zh"), History(), pack)
    with pytest.raises(PackError) as caught:
        decide(case_of("宽带断了,失望,投诉,还没修", stated=_emotion(5)), History(), pack)
    assert ("score", "score_emotion_out") == (caught.value.table, caught.value.row)


def _emotion(level: int) -> object:
    from shared.events.intake import Stated

    return Stated(emotion=level)
