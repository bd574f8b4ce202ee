"""The checker lets a contract grow, and finds every way in which a change breaks somebody."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from kesu.contract.compatibility import asyncapi_breaks, openapi_breaks
from kesu.contract.documents import refused, text_of

CONTRACT = Path(__file__).resolve().parents[2] / "docs" / "contract"
ASYNCAPI = json.loads((CONTRACT / "asyncapi.json").read_text())
OPENAPI = json.loads((CONTRACT / "openapi" / "intake.json").read_text())
Change = Callable[[dict[str, Any]], object]


def changed(document: Any, change: Change) -> Any:
    """A copy of `document` after `change` was made to its schemas."""
    copy = deepcopy(document)
    change(copy["components"]["schemas"])
    return copy


def test_the_same_document_breaks_nothing() -> None:
    assert [] == asyncapi_breaks(ASYNCAPI, deepcopy(ASYNCAPI))
    assert [] == openapi_breaks(OPENAPI, deepcopy(OPENAPI))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda s: s["ComplaintReceived"]["properties"].pop("channel"), "payload.channel: gone"),
        (lambda s: s["ComplaintReceived"]["properties"]["text_length"].update(type="string"), "type was 'integer', is"),
        (lambda s: s["ComplaintReceived"]["required"].append("taken_by"), "payload.taken_by: now required"),
        (lambda s: s["ComplaintReceived"]["required"].remove("channel"), "channel: no longer always there"),
        (lambda s: s["Decision"]["properties"]["severity"]["enum"].remove("S4"), "decision.severity: 'S4' gone"),
        (lambda s: s["Actor"]["properties"]["role"]["enum"].remove("unit"), "actor.role: 'unit' gone"),
        (lambda s: s["ComplaintRouted"]["properties"]["revision"].update(default=2), "revision: default was 1, is 2"),
        (lambda s: s["Sealed"]["properties"].pop("box"), "payload.sealed.box: gone"),
        (lambda s: s["RuleFired"]["items"].pop(), "payload.rules[][2]: gone"),
        (lambda s: s["RuleFired"].update(minItems=3), "payload.rules[]: minItems is now 3"),
        (lambda s: s["SurveyAnswered"]["properties"]["score"].update(maximum=4), "score: maximum is now 4"),
        (lambda s: s["ComplaintSubmission"]["properties"]["text"].update(maxLength=10), "text: maxLength is now 10"),
        (lambda s: s["Customer"]["required"].append("phone") if "required" in s["Customer"] else
         s["Customer"].update(required=["phone"]), "customer.phone: now required"),
    ],
)  # fmt: skip
def test_a_change_that_breaks_is_found(change: Change, expected: str) -> None:
    found = asyncapi_breaks(ASYNCAPI, changed(ASYNCAPI, change))
    assert any(expected in one for one in found), found


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["ComplaintReceived"]["properties"].update(mood={"type": "string", "default": ""}),
        lambda s: s["Decision"]["properties"]["severity"]["enum"].append("S5"),
        lambda s: s["ComplaintSubmission"]["properties"]["text"].update(maxLength=30_000),
        lambda s: s["ComplaintSubmission"]["required"].remove("channel"),
        lambda s: s["RuleFired"]["items"].append({"type": "integer", "default": 0}),
        lambda s: s.update(Novelty={"type": "object"}),
    ],
)
def test_growth_breaks_nothing(change: Change) -> None:
    assert [] == asyncapi_breaks(ASYNCAPI, changed(ASYNCAPI, change))


def test_a_message_gone_or_on_another_topic_is_found() -> None:
    moved = deepcopy(ASYNCAPI)
    moved["channels"]["complaints"]["address"] = "elsewhere"
    moved["components"]["messages"].pop("kesu.survey.answered.v1")
    assert ["complaints: another topic", "kesu.survey.answered.v1: gone"] == asyncapi_breaks(ASYNCAPI, moved)


def test_a_door_gone_or_asking_for_more_is_found() -> None:
    moved = deepcopy(OPENAPI)
    moved["paths"].pop("/v1/events")
    moved["paths"]["/v1/complaints"]["post"].setdefault("parameters", []).append(
        {"name": "X-New", "in": "header", "required": True, "schema": {"type": "string"}}
    )
    assert {"POST /v1/events: gone", "POST /v1/complaints: parameter X-New now required"} == set(
        openapi_breaks(OPENAPI, moved)
    )


def test_a_document_that_is_no_longer_made_is_found(tmp_path: Path) -> None:
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi" / "intake.json").write_text(text_of(OPENAPI))
    assert ["openapi/intake.json: gone"] == refused(tmp_path, {})
