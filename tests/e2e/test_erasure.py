"""Destroying a customer's key: the customer reads as erased at every door, and no figure, state or promise changes."""

from typing import Any

import pytest

from kesu.cli.erase import NO_KEY
from shared.vault import ERASED
from tests.e2e.office import Office, id_of, office
from tests.e2e.planted import EN, ZH, Person

pytestmark = pytest.mark.stack


def is_erased(detail: dict[str, Any]) -> bool:
    return ("erased", {ERASED}) == (detail["personal_state"], set(detail["personal"].values()))


def shows(detail: dict[str, Any], person: Person) -> bool:
    return ("revealed", person.customer.name) == (detail["personal_state"], detail["personal"].get("name"))


async def customer_of(one: Office, source_id: str) -> str:
    return str((await one.detail(source_id, reveal=False))["complaint"]["customer_id"])


async def test_an_erased_customer_is_erased_at_every_door_and_stays_in_every_figure() -> None:
    async with office() as one:
        customer, before = await customer_of(one, "zh-1"), await one.figures()
        assert shows(await one.detail("zh-1", reveal=True), ZH)

        assert (0, True) == await one.erase(customer)

        for reveal in (True, False):
            assert is_erased(await one.detail("zh-1", reveal=reveal))
        assert shows(await one.detail("en-1", reveal=True), EN)
        assert before == await one.figures()
        assert (NO_KEY, False) == await one.erase(customer)

        await one.complain(ZH, "zh-2")  # the same customer is back, which brings nothing back

        assert customer == await customer_of(one, "zh-2")
        assert shows(await one.detail("zh-2", reveal=True), ZH)
        assert is_erased(await one.detail("zh-1", reveal=True))


async def test_what_is_erased_is_delivered_again_and_rebuilt_all_the_same() -> None:
    async with office() as one:
        await one.erase(await customer_of(one, "zh-1"))
        before = await one.figures()

        facts = await one.repeat("zh-1")
        repeated = await one.figures()
        await one.rebuild()

        assert 3 <= facts  # received, routed, planned
        assert before == repeated == await one.figures()
        assert is_erased(await one.detail("zh-1", reveal=True))
        assert shows(await one.detail("en-1", reveal=True), EN)
        report = await one.verified()
        assert () == report.findings
        assert facts <= report.repeated  # a service that reads its cause again says again what it said


async def test_a_customer_erased_before_anybody_read_the_complaint_gets_a_decision_all_the_same() -> None:
    async with office() as one:
        await one.stack.stop_service("routing")
        await one.submit(EN, "en-2")
        await one.erase(await customer_of(one, "en-1"))

        await one.stack.start_service("routing")
        await one.session.run([])

        detail = await one.detail("en-2", reveal=True)
        assert is_erased(detail)
        assert detail["complaint"]["complaint_id"] == id_of("en-2")
        assert detail["complaint"]["severity"] and 1 <= len(detail["promises"])
        assert () == (await one.verified()).findings
