"""The list of names is whole: what is exported is in it, and what is in it is exported by whoever it says."""

import pytest

from deploy.embedded.environment import SERVICES
from shared.telemetry import names
from shared.telemetry.names import METRICS
from tests.component.telemetry.conftest import Run
from tests.component.telemetry.exposed import TROUBLE, exposed, label, value

# What a service has nothing to count of: intake's requests come by HTTP too, reporting publishes nothing.
NOTHING = {"reporting": {names.SENT, names.PUBLISHED, names.PUBLISH_DURATION}}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_exports_its_names(run: Run, service: str) -> None:
    expected = {m for m in METRICS if not m.services or service in m.services} - TROUBLE - NOTHING.get(service, set())

    assert {m.name for m in expected} == {m.name for m in exposed(run.metrics[service])} - {m.name for m in TROUBLE}


@pytest.mark.parametrize("service", SERVICES)
def test_labels_are_those_of_the_list(run: Run, service: str) -> None:
    for metric, series in exposed(run.metrics[service]).items():
        listed = {label(one) for one in metric.labels}
        assert all({name for name, _ in found} <= listed for found in series), metric.name


def test_figures_are_those_of_the_run(run: Run) -> None:
    """Four complaints, three by HTTP and one by Kafka."""
    intake, routing, followup, reporting = (
        run.metrics[name] for name in ("intake", "routing", "followup", "reporting")
    )

    assert 4 == value(intake, names.PUBLISHED, kesu_event_type="kesu.complaint.received.v1")
    assert 1 == value(intake, names.HANDLED, kesu_event_type="kesu.complaint.received.v1")
    assert 3 == value(intake, names.HTTP_DURATION, http_route="/v1/complaints", http_response_status_code="202")
    assert 4 == value(routing, names.DECISIONS)
    assert 4 == value(followup, names.PUBLISHED, kesu_event_type="kesu.followup.planned.v1")
    assert 4 <= value(followup, names.PROMISES, kesu_state="opened")
    assert 12 <= value(reporting, names.HANDLED) <= 16  # with calls that are asked for at once
    assert [1, 1, 1, 1] == [value(one, names.READY) for one in (intake, routing, followup, reporting)]


def test_every_series_is_bounded(run: Run) -> None:
    """Nothing counts by complaint, customer or address."""
    series = [len(found) for text in run.metrics.values() for found in exposed(text).values()]

    assert 30 > max(series)
