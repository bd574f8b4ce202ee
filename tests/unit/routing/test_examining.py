"""The check of a pack: every way in which a table can be wrong is found, named, and nothing is found that is right."""

from pathlib import Path

import pytest

from services.routing.examining.examine import examine, examine_folder
from services.routing.examining.findings import Report
from services.routing.policy.pack import DEFAULT_PACK
from services.routing.policy.source import read_source

HEAD = "extends: telecom_cn\nname: harbour\nzh: 港口电信\nen: Harbour Telecom\n"
LATE = "[{kind: first_response, minutes: 5}, {kind: progress, minutes: 60}, {kind: resolution, minutes: 100}]"
TEXTS = 'zh: "理由", en: "reason"'


@pytest.fixture(scope="module")
def default() -> Report:
    return examine(read_source(DEFAULT_PACK))


def checked(folder: Path, files: dict[str, str], head: str = HEAD) -> Report:
    for name, text in {"pack.yaml": head, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return examine_folder(folder)


def codes(report: Report, row: str) -> set[str]:
    return {one.code for one in report.findings if one.row == row}


def test_the_default_pack_may_come_into_force(default: Report) -> None:
    assert [] == [one for one in default.findings if one.gravity == "error"]
    assert default.examples >= 15


def test_no_row_of_the_default_pack_is_idle(default: Report) -> None:
    assert [] == [one for one in default.findings if one.code in ("never_holds", "never_decides")]


@pytest.mark.parametrize(
    ("code", "row", "file", "text"),
    [
        ("never_holds", "x", "severity", f"{{id: x, severity: S1, when: 'emotion > 10', {TEXTS}}}"),
        ("never_holds", "x", "severity", f"{{id: x, severity: S1, when: 'abuse && !abuse', {TEXTS}}}"),
        ("never_holds", "x", "score", f"{{id: x, points: 1, when: 'repeat > 3 && repeat < 2', {TEXTS}}}"),
        ("never_decides", "x", "severity", f"{{id: x, severity: S2, when: 'danger', after: s1_danger, {TEXTS}}}"),
        (
            "never_decides",
            "x",
            "severity",
            f"{{id: x, severity: S2, when: 'has_extreme && emotion > 5', after: s1_extreme, {TEXTS}}}",
        ),
        ("never_decides", "x", "strategy", f"{{id: x, strategy: long_haul, after: strategy_standard, {TEXTS}}}"),
        ("order_decides", "s1_danger", "severity", f"{{id: x, severity: S3, when: 'emotion > 6', {TEXTS}}}"),
        ("time_missing", "x", "promises", f"{{id: x, of: {{kind: [complaint]}}, promises: [], {TEXTS}}}"),
        (
            "progress_late",
            "x",
            "promises",
            f"{{id: x, when: abuse, of: {{kind: [complaint]}}, promises: {LATE}, {TEXTS}}}",
        ),
        ("clock_from_memory", "x", "clocks", f"{{id: x, days: 1, source: s, source_quality: memory, time_zone: UTC, {TEXTS}}}"),
        ("time_missing", "x", "clocks", f"{{id: x, days: 0, source: s, source_quality: primary, time_zone: UTC, {TEXTS}}}"),
        ("does_not_load", "x", "clocks", f"{{id: x, days: 1, source: s, source_quality: primary, time_zone: Mars/Base, {TEXTS}}}"),
        ("does_not_load", "x", "clocks", f"{{id: x, days: 1, source: s, source_quality: primary, time_zone: Asia, {TEXTS}}}"),
        ("sub_cause_unknown", "x", "unit", f"{{id: x, unit: u, of: {{sub_cause: [tea]}}, {TEXTS}}}"),
        ("article_missing", "x", "causes", f"{{id: x, cause: other, matrix: service, signs: {{spam: 1}}, rules: [mars], {TEXTS}}}"),
        ("text_language", "x", "unit", "{id: x, unit: u, when: abuse, zh: reason, en: reason}"),
        ("no_value", "x", "score", f"{{id: x, points: 1, when: '10 / (emotion - 5) > 1', {TEXTS}}}"),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_found(tmp_path: Path, code: str, row: str, file: str, text: str) -> None:
    report = checked(tmp_path, {f"{file}.yaml" if file == "causes" else f"tables/{file}.yaml": f"- {text}\n"})
    assert code in codes(report, row), report.findings


def test_everything_that_keeps_it_from_loading_is_named_at_once(tmp_path: Path) -> None:
    rows = f"- {{id: a, severity: S9, {TEXTS}}}\n- {{id: b, severity: S1, when: has_nothing, {TEXTS}}}\n"
    report = checked(tmp_path, {"tables/severity.yaml": rows, "tables/unit.yaml": "- {id: c}\n"})
    assert {"a", "b", "c"} <= {one.row for one in report.findings}
    assert not report.holds and "harbour" == report.name


def test_a_pack_without_a_limit_that_a_case_may_ask_for_is_refused(tmp_path: Path) -> None:
    report = checked(tmp_path, {}, HEAD + "amount_limits: {EUR: null}\npriority: {S2: null}\n")
    assert {"limit_missing"} == codes(report, "amount_limits") and {"priority_missing"} == codes(report, "priority")


def test_a_number_that_no_condition_could_calculate_with_is_refused(tmp_path: Path) -> None:
    report = checked(tmp_path, {}, HEAD + "amount_limits: {EUR: 1000000000000000000000}\n")
    assert ["pack"] == [one.table for one in report.findings if one.code == "number_too_large"]


def test_words_that_nothing_asks_for_are_found(tmp_path: Path) -> None:
    report = checked(tmp_path, {"lexicons/signals.ours.zh.yaml": "teatime: [下午茶]\n"})
    assert {"signal_unused"} == codes(report, "teatime")
    assert report.holds


@pytest.mark.parametrize("file", ["tables/units", "lexicons/signal.ours", "cause"])
def test_a_file_that_nothing_reads_is_found(tmp_path: Path, file: str) -> None:
    report = checked(tmp_path, {f"{file}.yaml": "{}\n"})
    assert [file] == [one.table for one in report.findings if one.code == "file_unknown"]
    assert not report.holds


def test_an_example_stands_once(tmp_path: Path) -> None:
    example = "- {id: same, text: 断网了, expect: {}}\n"
    head = HEAD + "leave_out: [examples]\n"
    assert not checked(tmp_path, {"examples.yaml": example + example.replace("断网", "停机")}, head).holds


def test_its_own_examples_are_tests(tmp_path: Path) -> None:
    examples = """
- {id: fits, text: 家里宽带断网三天了, expect: {kind: complaint, unit: fixed_network, promises: [first_response]}}
- {id: fails, text: 家里宽带断网三天了, expect: {kind: praise}}
- {id: strange, text: 家里宽带断网三天了, expect: {mood: bad}}
- {id: example_praise, remove: true}
"""
    report = checked(tmp_path, {"examples.yaml": examples})
    assert set() == codes(report, "fits") and not report.holds
    assert {"example_fails"} == codes(report, "fails") and {"example_unknown"} == codes(report, "strange")
    assert any('"praise"' in one.en and '"complaint"' in one.en for one in report.findings)


def test_an_inherited_example_that_comes_out_otherwise_is_shown_and_stops_nothing(tmp_path: Path) -> None:
    row = f"- {{id: ours, unit: our_desk, of: {{responsibility: [unit], sub_cause: [broadband]}}, {TEXTS}}}\n"
    report = checked(tmp_path, {"tables/unit.yaml": row})
    assert {"inherited_example_differs"} == codes(report, "example_broadband_down") and report.holds


def test_a_folder_without_a_pack_is_a_finding(tmp_path: Path) -> None:
    assert not examine_folder(tmp_path / "nowhere").holds
