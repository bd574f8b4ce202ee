"""The same number, written in ten ways, is the same customer."""

from typing import Any

import pytest

from services.intake.model import Refused
from services.intake.rules.identity import identity_of
from services.intake.rules.phones import e164, region_of
from shared.events.submissions import Customer


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "8613800138000",
        "0086-13800138000",
        "(+86)13800138000",
    ],
)
def test_chinese_mobiles(written: str) -> None:
    assert "+8613800138000" == e164(written, "CN")


@pytest.mark.parametrize(
    "written", ["(212) 555-0123", "212.555.0123", "+1 212 555 0123", "1-212-555-0123", "2125550123"]
)
def test_north_american_numbers(written: str) -> None:
    assert "+12125550123" == e164(written, "US")


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("010-12345678", "CN", "+861012345678"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 20 7946 0018", "CN", "+442079460018"),
        ("0412 345 678", "AU", "+61412345678"),
        ("13800138000", "GB", None),
        ("abc", "CN", None),
        ("12", "CN", None),
        ("٠", "CN", None),
    ],
)
def test_other_plans(written: str, region: str, number: str | None) -> None:
    assert number == e164(written, region)


@pytest.mark.parametrize(
    ("time_zone", "region"),
    [
        ("Asia/Shanghai", "CN"),
        ("America/New_York", "US"),
        ("Europe/London", "GB"),
        ("Australia/Sydney", "AU"),
        ("UTC", "CN"),
    ],
)
def test_the_zone_tells_the_plan(time_zone: str, region: str) -> None:
    assert region == region_of(time_zone)


def names(source: str = "crm", **customer: Any) -> str:
    return identity_of(Customer(**customer), source=source, time_zone="Asia/Shanghai").names


def test_the_account_comes_first_then_the_number_then_the_handle() -> None:
    assert "account:a1001" == names(account="A1001", phone="13800138000", handle="wang")
    assert "phone:+8613800138000" == names(phone="138-0013-8000", handle="wang")
    assert "handle:crm:wang" == names(handle="Wang")


def test_a_handle_counts_within_its_source() -> None:
    assert names(source="weibo", handle="wang") != names(source="douyin", handle="wang")


def test_a_number_that_cannot_be_read_gives_way_to_the_handle() -> None:
    identity = identity_of(Customer(phone="ask my wife", handle="wang"), source="crm", time_zone="Asia/Shanghai")

    assert ("handle:crm:wang", "ask my wife", False) == (identity.names, identity.phone, identity.phone_readable)


def test_nobody_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        names(name="王芳", phone=" ")
    assert "customer_missing" == caught.value.code
