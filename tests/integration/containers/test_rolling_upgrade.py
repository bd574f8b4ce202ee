"""One instance already publishes a newer version of an event: older readers stop and lose nothing, upgraded ones go on."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from aiokafka import TopicPartition

from deploy.containers.stack import ContainerStack
from kesu.demo.asking import Asking
from kesu.verify.run import Report
from shared.log.headers import TYPE, header
from shared.runtime.progress import Progress
from shared.saved import COMPLAINTS
from tests.e2e.doors import kesu
from tests.e2e.holdings import records
from tests.integration.containers.looking import come_to_rest, positions, submit, until

pytestmark = pytest.mark.stack
NEWER = {"PYTHONPATH": f"{Path(__file__).with_name('newer')}"}
ROUTED, ROUTED_V2 = "kesu.complaint.routed.v1", "kesu.complaint.routed.v2"
READERS = ("followup", "reporting")


async def test_a_rolling_upgrade_discards_nothing(container_stack: ContainerStack) -> None:
    stack = container_stack
    await stack.start_services()
    await come_to_rest(stack, written=await submit(stack, 60, seed=1))

    await stack.start_service("routing", instance=2, settings=NEWER)  # it takes one of the two partitions
    await until(lambda: _both_have_partitions(stack), "both instances of routing have a partition")
    await submit(stack, 60, seed=2)

    for reader in READERS:
        await _stops(stack, reader)
        first = await _first_of_the_newer(stack)
        for tp, offset in (await positions(stack, reader)).items():
            assert offset <= first.get(tp, offset)
    assert {"intake", "routing", "routing-2"} == {name for name, one in stack.services.items() if one.is_running}

    await stack.services["followup"].stop()
    stack.services["followup"].launch(stack.service_env("followup"))  # not upgraded: it comes to the same place
    await _stops(stack, "followup")

    for reader in READERS:
        await stack.start_service(reader, settings=NEWER)
    await stack.stop_service("routing")
    await stack.start_service("routing", settings=NEWER)
    await come_to_rest(stack, written=await submit(stack, 60, seed=3))

    types = await _types(stack)
    assert types[ROUTED] > 0
    assert types[ROUTED_V2] > 60
    status, out = await kesu("verify", "--json", **NEWER, **_where(stack))
    report = msgspec.json.decode(out, type=Report)
    assert () == report.findings
    assert 0 == status
    assert report.complaints == types[ROUTED] + types[ROUTED_V2]
    # noise is closed without a plan
    assert report.complaints == types["kesu.followup.planned.v1"] + types["kesu.complaint.closed.v1"]
    assert (0, report.events) == (report.dead_letters, report.archived)


async def _both_have_partitions(stack: ContainerStack) -> bool:
    found = []
    for instance in (1, 2):
        asking = Asking(f"{stack.url('routing', instance=instance)}/internal/progress")
        answer = await asking.ask()
        asking.close()
        found.append(msgspec.json.decode(answer, type=Progress).read if answer else {})
    return all(1 == sum(of.startswith(COMPLAINTS) for of in read) for read in found)


async def _stops(stack: ContainerStack, service: str) -> None:
    """It ends by itself, saying why."""

    async def ended() -> bool:
        return stack.services[service].exit_status == 1

    await until(ended, f"{service} stops")
    assert '"code": "newer_event_version"' in stack.log_tail(service).replace('":"', '": "')


async def _first_of_the_newer(stack: ContainerStack) -> dict[TopicPartition, int]:
    found: dict[TopicPartition, int] = {}
    for one in (await records(stack, [COMPLAINTS]))[COMPLAINTS]:
        if header(one.headers, TYPE) == ROUTED_V2:
            found.setdefault(TopicPartition(one.topic, one.partition), one.offset)
    assert found
    return found


async def _types(stack: ContainerStack) -> Counter[str | None]:
    """How many different events of each type are on the log."""
    found = (await records(stack, [COMPLAINTS]))[COMPLAINTS]
    return Counter(header(headers, TYPE) for headers in {one.value: one.headers for one in found}.values())


def _where(stack: ContainerStack) -> dict[str, str]:
    return {"KESU_DATABASE_URL": stack.database_url(), "KESU_KAFKA_BOOTSTRAP": stack.bootstrap}
