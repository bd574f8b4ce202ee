"""Times from outside."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.intake.model import Refused
from services.intake.rules.times import happened, utc
from tests.builders.common import T0


def test_a_time_without_a_zone_is_local_to_the_submission() -> None:
    noon = datetime(2026, 1, 15, 12, 0)  # noqa: DTZ001 - that is the case

    assert datetime(2026, 1, 15, 4, 0, tzinfo=UTC) == utc(noon, "Asia/Shanghai", path="$")
    assert datetime(2026, 1, 15, 17, 0, tzinfo=UTC) == utc(noon, "America/New_York", path="$")


@pytest.mark.parametrize(
    ("stated", "kept", "finding"),
    [
        (None, T0, ""),
        (T0 - timedelta(hours=3), T0 - timedelta(hours=3), ""),
        (T0 + timedelta(minutes=4), T0, ""),
        (T0 + timedelta(minutes=6), T0, "occurred_in_future"),
        (T0 + timedelta(days=365), T0, "occurred_in_future"),
        (T0 - timedelta(days=731), T0 - timedelta(days=731), "occurred_long_ago"),
    ],
)
def test_when_it_happened(stated: datetime | None, kept: datetime, finding: str) -> None:
    assert (kept, finding) == happened(stated, accepted_at=T0, time_zone="Asia/Shanghai")


@pytest.mark.parametrize(
    "far_off",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=12))),
        datetime(1989, 12, 31, tzinfo=UTC),
    ],
)
def test_what_no_calendar_reaches_is_refused(far_off: datetime) -> None:
    with pytest.raises(Refused) as caught:
        happened(far_off, accepted_at=T0, time_zone="UTC")
    assert ("time_out_of_range", "$.occurred_at") == (caught.value.code, caught.value.path)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "Asia", "asia/shanghai "])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(Refused) as caught:
        utc(datetime(2026, 1, 1), name, path="$")  # noqa: DTZ001
    assert "time_zone_unknown" == caught.value.code
