"""A due time is explained as counted intervals and the days that did not count."""

from services.followup.rules.explaining import explain
from tests.builders import followup
from tests.unit.followup.story import CALENDARS, local

CHINA = CALENDARS.of("Asia/Shanghai")


def test_over_national_day_week_the_intervals_add_up_and_the_holidays_are_named() -> None:
    promise = followup.promise(starts_at=local("2025-09-30 17:00"), due_at=local("2025-10-09 09:30"))
    explained = explain(promise, CHINA)
    assert 120 == explained.minutes == sum(i.minutes for i in explained.counted)
    assert [(local("2025-09-30 17:00"), 60), (local("2025-10-09 08:30"), 60)] == [
        (i.start, i.minutes) for i in explained.counted
    ]
    assert ["国庆节"] * 5 + ["中秋节"] + ["国庆节"] * 2 == [d.zh for d in explained.special_days]
    assert ("按工作时间计 120 分钟", "120 minutes of working time") == (explained.zh, explained.en)


def test_weekends_and_make_up_days_are_told_apart() -> None:
    promise = followup.promise(starts_at=local("2025-10-10 17:00"), due_at=local("2025-10-13 09:00"))
    days = [(d.day.day, d.worked, d.en) for d in explain(promise, CHINA).special_days]
    assert [(11, True, "make-up working day"), (12, False, "weekend")] == days


def test_elapsed_time_counts_day_and_night() -> None:
    promise = followup.promise(starts_at=local("2026-03-02 20:00"), due_at=local("2026-03-03 20:00"), basis="elapsed")
    assert [1440] == [i.minutes for i in explain(promise, CHINA).counted]


def test_a_provisional_date_says_so_in_both_languages() -> None:
    promise = followup.promise(provisional=True)
    explained = explain(promise, CHINA)
    assert "暂定" in explained.zh and "provisional" in explained.en
