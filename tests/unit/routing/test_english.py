"""The English side of the default pack: short titles and whole sentences find their cause and unit."""

import pytest

from tests.unit.routing.bench import judge

CAUSES = {
    "product": (
        "Interent keeps going out",
        "Packet loss and high latency every evening",
        "They are blocking my streaming box",
        "The picture on three channels is frozen",
        "No service",
        "Provider will not service my address",
        "Monopoly, no other option in our town",
    ),
    "price": (
        "Over charged again",
        "Early termination fee after I moved abroad",
        "A collection agency wants money I never owed",
        "Rate hike without warning, it is far too expensive",
        "Refund never arrived",
        "Fraudulent billing",
        "Unfair billing practices",
    ),
    "tariff": ("Unfair data capping", "They changed my bundle and contract", "Bait and switch on a new customer deal"),
    "efficiency": ("Installer missed two appointments", "Technician no-show"),
    "attitude": (
        "Awful customer service",
        "The sales people lied",
        "Nobody helps, just a runaround",
        "Ignored for months",
    ),
    "other": ("Harassing robocalls", "They leaked my social security number", "Digging left my yard a mess"),
}


@pytest.mark.parametrize(("cause", "text"), [(cause, text) for cause, texts in CAUSES.items() for text in texts])
def test_short_english_names_its_cause_and_a_unit(cause: str, text: str) -> None:
    verdict = judge(text, channel="regulator")
    assert cause == verdict.assessment.cause
    assert verdict.decision.unit


def test_a_company_name_alone_is_no_cause() -> None:
    assert "unnamed" == judge("Acme Corporation", channel="regulator").assessment.sub_cause


def test_a_fee_for_leaving_is_about_money_and_leaving_is_business() -> None:
    fee, leaving = judge("Charged a cancellation fee"), judge("I want to cancel my account")
    assert ("billing_dispute", "business_handling") == (fee.assessment.sub_cause, leaving.assessment.sub_cause)
