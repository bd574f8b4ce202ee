"""A whole import: what is sent, what the report says, and going on after the broker was away."""

from pathlib import Path

import msgspec
import pytest

from kesu.importing.errors import CannotImport
from kesu.importing.progress import Position
from kesu.importing.transfer import BATCH_ROWS
from shared.errors import NotNow
from tests.unit.importing.files import HEADER, MAPPING, Remembering, job, report_of, run


def _rows(count: int, first: int = 0) -> str:
    return "".join(f"{i},phone,words {i},154{i:08d}\n" for i in range(first, first + count))


def test_rows_are_sent_and_refusals_reported_without_content(tmp_path: Path) -> None:
    sink = Remembering()
    one = job(
        tmp_path, HEADER + _rows(2) + "8,pigeon,my secret words,15400000001\n" + "9,net,,15400000002\n" + _rows(1, 3)
    )

    summary = run(one, sink)

    assert [submission.source_id for submission in sink.sent] == ["0", "1", "3"]
    assert (summary.rows, summary.sent, summary.refused) == (5, 3, 2)
    entries = report_of(one)
    assert [(entry.row, entry.line, entry.code, entry.columns) for entry in entries] == [
        (3, 4, "value_unknown", ("via",)),
        (4, 5, "empty", ("words",)),
    ]
    assert all(entry.zh and entry.en for entry in entries)
    assert b"secret" not in one.report.read_bytes() and b"154" not in one.report.read_bytes()


def test_a_row_that_came_before_is_not_sent_again(tmp_path: Path) -> None:
    sink = Remembering()
    one = job(tmp_path, HEADER + _rows(3) + _rows(2) + "2,phone,other words,15400000002\n")

    run(one, sink)

    assert [submission.source_id for submission in sink.sent] == ["0", "1", "2"]
    assert [entry.code for entry in report_of(one)] == ["repeated_row", "repeated_row", "id_reused"]


@pytest.mark.parametrize("away_from", [0, 1, 3])
def test_after_the_broker_was_away_it_goes_on_where_acknowledged(tmp_path: Path, away_from: int) -> None:
    bad = "x,pigeon,words,154\n"
    content = HEADER + "".join(_rows(700, 700 * part) + bad for part in range(7))
    one, undisturbed, sink = job(tmp_path, content), Remembering(), Remembering(away_from=away_from)
    expected = run(msgspec.structs.replace(one, resume=False), undisturbed)
    expected_report = one.report.read_bytes()
    one.report.with_name("report.ndjson.progress").unlink()

    with pytest.raises(NotNow):
        run(one, sink)
    kept = len(sink.sent)
    sink.away_from = None
    summary = run(one, sink)

    assert kept == away_from * BATCH_ROWS
    assert sink.sent == undisturbed.sent
    assert one.report.read_bytes() == expected_report
    assert (summary.rows, summary.sent, summary.codes) == (expected.rows, expected.sent, expected.codes)


def test_what_was_done_is_not_done_again_until_asked(tmp_path: Path) -> None:
    one, sink = job(tmp_path, HEADER + _rows(5)), Remembering()

    for again in (one, one, msgspec.structs.replace(one, resume=False)):
        run(again, sink)

    assert len(sink.sent) == 10


@pytest.mark.parametrize("change", ["file", "mapping", "source", "to"])
def test_another_file_mapping_source_or_place_begins_anew(tmp_path: Path, change: str) -> None:
    first, sink = job(tmp_path, HEADER + _rows(5)), Remembering()
    run(first, sink)
    other = {
        "file": lambda: job(tmp_path, HEADER + _rows(6)),
        "mapping": lambda: job(tmp_path, HEADER + _rows(5), mapping=MAPPING + "  lang: zh\n"),
        "source": lambda: msgspec.structs.replace(first, source="other"),
        "to": lambda: msgspec.structs.replace(first, to="elsewhere:9092"),
    }[change]()

    assert run(other, sink).went_on_from_row == 0
    assert len(sink.batches) == 2


def test_progress_never_says_more_than_was_acknowledged(tmp_path: Path) -> None:
    one = job(tmp_path, HEADER + _rows(BATCH_ROWS * 4))
    progress = one.report.with_name("report.ndjson.progress")
    said: list[int] = []

    class Watching(Remembering):
        async def send(self, batch: object) -> None:
            said.append(msgspec.json.decode(progress.read_bytes(), type=Position).sent if progress.exists() else 0)
            assert said[-1] == len(self.sent)
            await super().send(batch)  # type: ignore[arg-type]

    run(one, Watching())

    assert said[:4] == [0, BATCH_ROWS, 2 * BATCH_ROWS, 3 * BATCH_ROWS]


def test_a_dry_run_reports_and_leaves_no_progress(tmp_path: Path) -> None:
    one = msgspec.structs.replace(job(tmp_path, HEADER + "1,pigeon,w,154\n"), dry_run=True)

    assert run(one).refused == 1
    assert len(report_of(one)) == 1
    assert not one.report.with_name("report.ndjson.progress").exists()


def test_source_and_tenant_of_the_command_go_first(tmp_path: Path) -> None:
    sink = Remembering()
    run(msgspec.structs.replace(job(tmp_path, HEADER + _rows(1)), source="mine", tenant="acme"), sink)

    assert (sink.sent[0].source, sink.sent[0].tenant) == ("mine", "acme")


def test_a_column_may_name_the_source(tmp_path: Path) -> None:
    sink = Remembering()
    run(job(tmp_path, HEADER + _rows(1), mapping=MAPPING + "  source: 'from-{via}'\n"), sink)

    assert sink.sent[0].source == "from-phone"


SEASON = MAPPING + '  occurred_at: {from: "{via}", times: ["%d/%m/%Y"], zone: UTC}\n'


@pytest.mark.parametrize("when_swapped", ["stop", "repair", "keep"])
def test_swapped_dates_stop_or_are_said(tmp_path: Path, when_swapped: str) -> None:
    days = [(day, month) for month in (4, 5) for day in range(1, 31)] * 3
    table = [f"{i},{m if d <= 12 else d}/{d if d <= 12 else m}/2025,w,154\n" for i, (d, m) in enumerate(days)]
    mapping = (
        SEASON.replace('{from: "{via}", values: {phone: hotline, net: web}}', "web") + f"when_swapped: {when_swapped}\n"
    )
    one, sink = job(tmp_path, HEADER + "".join(table), mapping=mapping), Remembering()

    if when_swapped == "stop":
        with pytest.raises(CannotImport, match="dates_look_swapped"):
            run(one, sink)
        assert sink.batches == []
        return
    assert run(one, sink).codes.keys() == {f"dates_swapped_{'repaired' if when_swapped == 'repair' else 'kept'}"}
    right = [(at.day, at.month) == day for day, one in zip(days, sink.sent, strict=True) if (at := one.occurred_at)]
    assert all(right) == (when_swapped == "repair")
