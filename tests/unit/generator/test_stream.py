"""The stream of generated submissions: repeatable, in order, and of what it claims to be made of."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from kesu.generator import Generated, generate
from services.intake.rules.roles import check_role
from shared.events.submissions import SUBMISSIONS, ComplaintSubmission, FactSubmission

START = datetime(2025, 3, 3, tzinfo=UTC)
SPAN = timedelta(days=7)


@pytest.fixture(scope="module")
def week() -> list[Generated]:
    return list(generate(6_000, seed=11, start=START, span=SPAN))


def _bytes(rows: list[Generated]) -> bytes:
    return b"\n".join(msgspec.json.encode(row) for row in rows)


def test_same_seed_same_bytes_and_another_seed_others() -> None:
    first, again, other = (list(generate(400, seed=seed, start=START)) for seed in (5, 5, 6))

    assert _bytes(first) == _bytes(again)
    ids = {row.submission.source_id for row in first}
    assert ids.isdisjoint(row.submission.source_id for row in other)


def test_bytes_of_a_seed_stay_what_they_were_in_the_last_process() -> None:
    """Nothing of a run (hash seeds, addresses, the clock) gets into the bytes."""
    code = (
        "import sys, msgspec; from datetime import UTC, datetime; from kesu.generator import generate\n"
        "rows = generate(300, seed=9, start=datetime(2025, 3, 3, tzinfo=UTC))\n"
        "sys.stdout.buffer.write(b'\\n'.join(map(msgspec.json.encode, rows)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": "77"})

    assert run.stdout == _bytes(list(generate(300, seed=9, start=START)))


@pytest.mark.parametrize("count", [0, 1, 2, 199, 200, 1_000])
@pytest.mark.parametrize("span", [timedelta(seconds=1), timedelta(hours=3), timedelta(days=40)])
def test_count_order_and_span_hold(count: int, span: timedelta) -> None:
    times = [row.at for row in generate(count, seed=3, start=START, span=span)]

    assert len(times) == count
    assert times == sorted(times)
    assert all(START <= at <= START + span for at in times)


def test_every_submission_is_valid_and_its_role_allowed(week: list[Generated]) -> None:
    for row in week:
        assert msgspec.json.decode(msgspec.json.encode(row.submission), type=SUBMISSIONS[row.type]) == row.submission
        if isinstance(row.submission, FactSubmission):
            check_role(row.type, row.submission.role)


def test_a_duplicate_repeats_an_earlier_submission_to_the_byte(week: list[Generated]) -> None:
    seen: dict[str, Generated] = {}
    duplicates = 0
    for row in week:
        earlier = seen.setdefault(row.submission.source_id, row)
        assert row.truth.duplicate == (earlier is not row)
        assert row.submission == earlier.submission
        duplicates += row.truth.duplicate

    assert 60 <= duplicates <= 180


def test_who_comes_back_is_known_by_the_same_account_or_number(week: list[Generated]) -> None:
    seen: set[tuple[str, str, str]] = set()
    repeats = 0
    for row in week:
        if not isinstance(row.submission, ComplaintSubmission) or row.truth.duplicate:
            continue
        customer = row.submission.customer
        key = (customer.account, customer.phone, customer.handle)
        assert any(key)
        assert (key in seen) == (row.truth.repeat > 0)
        repeats += row.truth.repeat > 0
        seen.add(key)

    assert repeats > 300


def test_a_group_is_many_customers_of_one_place_within_hours(week: list[Generated]) -> None:
    waves: dict[str, list[Generated]] = {}
    for row in week:
        if row.truth.wave and not row.truth.repeat and isinstance(row.submission, ComplaintSubmission):
            waves.setdefault(row.truth.wave, []).append(row)

    assert waves
    for rows in waves.values():
        fresh = [row for row in rows if not row.truth.duplicate]
        assert len(fresh) >= 8
        assert len({row.truth.sub_cause for row in fresh}) == 1
        regions = {row.submission.key_facts.region for row in fresh if isinstance(row.submission, ComplaintSubmission)}
        assert len(regions - {""}) == 1
        assert fresh[-1].at - fresh[0].at <= timedelta(hours=4, minutes=1)


def test_facts_speak_of_complaints_that_came_before(week: list[Generated]) -> None:
    known = set()
    for row in week:
        if isinstance(row.submission, FactSubmission):
            assert (row.submission.about.source, row.submission.about.source_id) in known
        else:
            known.add((row.submission.source, row.submission.source_id))


def test_facts_can_be_left_out() -> None:
    types = {row.type for row in generate(2_000, seed=4, start=START, facts=False)}

    assert types == {"kesu.submission.complaint.v1"}


def test_people_complain_by_day(week: list[Generated]) -> None:
    hours = Counter((row.at + timedelta(hours=8)).hour for row in week if row.truth.lang == "zh")

    assert sum(hours[hour] for hour in range(8, 22)) > 0.85 * sum(hours.values())


@pytest.mark.parametrize(
    "arguments", [{"count": -1, "start": START}, {"count": 1, "start": START.replace(tzinfo=None)}]
)
def test_impossible_arguments_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="aware start"):
        generate(seed=1, **arguments)  # type: ignore[arg-type]
