"""The README's section about Docker, command by command: from nothing to a routed complaint, then one more instance."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from tests.integration.containers.composing import Composed, readme_commands

IMAGE_BYTES_MAX: Final = 250_000_000
SERVICES: Final = ("intake", "routing", "followup", "reporting")
SEEN_WITHIN_S: Final = 40
SHARED_WITHIN_S: Final = 60
ROUTING_PORT: Final = 8802


@pytest.fixture(scope="module")
def composed(container_engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    """Up, by the README's first commands; gone afterwards, data included."""
    made = Composed(tmp_path_factory.mktemp("compose"))
    try:
        made.key = made.sh(readme_commands()[0]).split("web ", 1)[1].split()[0]
        yield made
    finally:
        made.sh('docker compose down --volumes --remove-orphans --timeout 20; docker image rm --force "$KESU_IMAGE"')


def test_a_complaint_posted_with_the_readmes_commands_is_routed(composed: Composed) -> None:
    post, show = readme_commands()[1].split("\n\n")
    assert json.loads(composed.sh(post, KEY=composed.key))["status"] == "accepted"
    assert _within(SEEN_WITHIN_S, lambda: _routed(composed, show) == {"1"})


def test_without_a_key_nothing_is_taken_in(composed: Composed) -> None:
    post, _ = readme_commands()[1].split("\n\n")
    assert json.loads(composed.sh(post, KEY=""))["code"] == "api_key_missing"


def test_services_are_confined(composed: Composed) -> None:
    for service in SERVICES:
        (found,) = composed.inspect(service)
        host = found["HostConfig"]
        assert host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"] and "no-new-privileges:true" in host["SecurityOpt"]
        assert host["Memory"] and host["NanoCpus"] and host["RestartPolicy"]["Name"] == "unless-stopped"
        inside = composed.sh(
            f"docker exec {found['Id']} sh -c 'id -u; touch /app/x 2>/dev/null || echo refused; grep CapEff /proc/self/status'"
        )
        assert ["10001", "refused", "CapEff:", "0" * 16] == inside.split()


def test_only_loopback_is_published_and_only_where_it_has_to_be(composed: Composed) -> None:
    published = {
        (service, bound["HostIp"], bound["HostPort"])
        for service in (*SERVICES, "kafka", "postgres")
        for bounds in composed.inspect(service)[0]["NetworkSettings"]["Ports"].values()
        for bound in bounds or ()
    }
    ports = list(composed.ports.values())
    assert {("intake", "127.0.0.1", ports[0]), ("reporting", "127.0.0.1", ports[1])} == published


def test_the_image_is_small_and_holds_no_secret(composed: Composed) -> None:
    (image,) = json.loads(composed.sh('docker image inspect "$KESU_IMAGE"'))
    assert image["Size"] <= IMAGE_BYTES_MAX
    assert image["Config"]["User"] == "10001:10001"
    assert image["Config"]["Healthcheck"]["Test"][0] == "CMD"
    for service in SERVICES:
        assert composed.key not in json.dumps(composed.inspect(service))


def test_two_instances_share_the_partitions_and_complaints_flow_on(composed: Composed) -> None:
    composed.sh("docker compose up --wait --scale routing=2")
    assert _within(SHARED_WITHIN_S, lambda: _shared(composed)), composed.sh("docker compose logs --tail 20 routing")
    post, show = readme_commands()[1].split("\n\n")
    more = {str(n) for n in range(2, 12)}
    for n in sorted(more):
        again = post.replace('"source_id": "1"', f'"source_id": "{n}"').replace('"first"', f'"more-{n}"')
        assert json.loads(composed.sh(again, KEY=composed.key))["status"] == "accepted"
    assert _within(SEEN_WITHIN_S, lambda: _routed(composed, show) == more | {"1"})


def test_the_command_line_finds_everything_in_order(composed: Composed) -> None:
    told = json.loads(composed.sh("docker compose run --rm cli kesu verify --json"))
    assert [] == told["findings"]


def test_told_to_stop_everything_ends_in_order(composed: Composed) -> None:
    composed.sh("docker compose stop")
    states = [one["State"] for name in (*SERVICES, "postgres") for one in composed.inspect(name)]
    assert [("exited", 0)] * len(states) == [(one["Status"], one["ExitCode"]) for one in states]
    assert "database system is shut down" in composed.sh("docker compose logs --tail 5 postgres")


def _within(seconds: float, is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True


def _routed(composed: Composed, show: str) -> set[str]:
    """Source ids of complaints that reporting shows with a decision."""
    listed: list[dict[str, Any]] = json.loads(composed.sh(show))["items"]
    return {one["source_id"] for one in listed if one["severity"]}


def _shared(composed: Composed) -> bool:
    """Whether the two instances hold all partitions of the log between them, some each, none twice."""
    held = [
        {tp for tp in composed.progress(one["Id"], ROUTING_PORT)["read"] if tp.startswith("kesu.complaints")}
        for one in composed.inspect("routing")
    ]
    return len(held) == 2 and all(held) and not held[0] & held[1] and len(held[0] | held[1]) == composed.partitions
