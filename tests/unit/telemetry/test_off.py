"""What is off is not even loaded, and hands trace contexts on all the same."""

import subprocess
import sys

from shared.pipeline.records import Outgoing
from shared.saved import outgoing
from shared.telemetry import names
from shared.telemetry.context import current
from shared.telemetry.opening import OFF
from tests.builders import followup

ONE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
LOADED = """
import sys
from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from shared.telemetry.opening import open_telemetry
open_telemetry(ReportingSettings(database_url="postgresql://nowhere", metrics={metrics}), service="reporting")
print(*sorted(name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter", "prometheus_client", "google.protobuf"))))
"""


def loaded(*, metrics: bool) -> str:
    """The modules of telemetry that a service without a collector loads."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED.format(metrics=metrics)], check=True, capture_output=True, text=True
    )
    return run.stdout


def test_without_metrics_nothing_is_loaded() -> None:
    assert "" == loaded(metrics=False).strip()


def test_without_a_collector_no_exporter_is_loaded() -> None:
    found = loaded(metrics=True)

    assert "opentelemetry.sdk.metrics" in found
    assert "otlp" not in found
    assert "google.protobuf" not in found


def test_what_is_off_takes_anything() -> None:
    OFF.metrics.count(names.PUT_OFF, ("log", "NotNow"))
    OFF.metrics.measure(names.LAPSE_DELAY, 1.0)
    OFF.metrics.observe(names.READY, lambda: [(1.0, ())])

    assert OFF.metrics.exposed("") is None


def test_a_request_hands_its_context_on() -> None:
    with OFF.tracing.request("POST", [(b"traceparent", ONE.encode())]):
        assert ONE == current.get()
    with OFF.tracing.request("POST", []):
        assert "" == current.get()


def test_events_of_a_complaint_take_its_context_along() -> None:
    event = followup.planned()
    record = outgoing(event)

    class Received:
        """A record about the same complaint."""

        event = followup.planned()

    with OFF.tracing.batch([(Received(), ONE)], records=1) as trace:
        assert [ONE, ""] == [one.trace for one in trace.carried([record, outgoing_of_another()])]
    with OFF.tracing.batch([], records=1) as trace:
        assert [record] == trace.carried([record])


def outgoing_of_another() -> Outgoing:
    """An event of another complaint."""
    return outgoing(followup.planned(complaint_id="22222222-2222-4222-8222-222222222222"))
