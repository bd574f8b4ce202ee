"""No span, no metric, no log line and no trace context says anything of a person."""

import msgspec

from tests.component.telemetry.conftest import Run
from tests.e2e.planted import ZH, traces


def test_no_telemetry_names_the_customer(run: Run) -> None:
    places = {"spans": run.exported, "metrics": "".join(run.metrics.values()).encode()} | run.logs
    contexts = b"".join(b"".join(part for key, part in raw.headers if key != "ce_type") for raw in run.records)

    assert [] == traces({name: [held] for name, held in (places | {"contexts": contexts}).items()}, ZH.values())


def test_the_search_would_find_it(run: Run) -> None:
    """The customer was there, and telemetry too."""
    body = msgspec.json.encode(ZH.complaint("sampled"))

    assert [] != traces({"body": [body]}, ZH.values())
    assert b"kesu.complaints" in run.exported
    assert "kesu_events_published_total" in run.metrics["intake"]
    assert all(b'"event"' in log for log in run.logs.values())


def test_no_path_is_told_only_routes(run: Run) -> None:
    assert 'http_route="/v1/complaints"' in run.metrics["intake"]
    assert "/v1/nothing" not in run.metrics["intake"]
    assert 'http_response_status_code="404"' in run.metrics["intake"]


def test_log_lines_are_json_and_say_which_service(run: Run) -> None:
    for service, held in run.logs.items():
        lines = [msgspec.json.decode(line) for line in held.splitlines()]
        assert {service} == {line["service"] for line in lines}
        assert all({"event", "level"} <= line.keys() for line in lines)
