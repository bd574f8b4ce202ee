"""A text judged in bulk gets the judgement it would get on its way through intake and routing."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.routing.deciding import case_of
from services.routing.rules import decide
from shared.events.intake import Stated
from shared.events.routing import History
from tests.builders.common import T0
from tests.builders.submissions import complaint
from tests.unit.assessing.files import assessed, ndjson, pack
from tests.unit.intake.parts import drafted_complaint

SAME = ("kind", "cause", "cross_level", "emotion", "abuse", "demands")
DECIDED = ("severity", "unit", "tier", "strategy")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"channel": "social", "text": "@某某日报 ｗｉｆｉ天天掉线,　没人管!!!"},
        {"text": "你们这群骗子！话费多扣了两百块，退钱！", "stated": Stated()},
        {
            "channel": "regulator",
            "text": "My bill is wrong again, third time I call!",
            "lang": "en",
            "stated": Stated(),
        },
    ],
)
def test_as_by_the_services(tmp_path: Path, given: dict[str, Any]) -> None:
    submission = complaint(**given)
    draft = drafted_complaint(submission, accepted_at=T0)
    verdict = decide(case_of(draft.event, draft.personal.text), History(), pack())
    row = msgspec.to_builtins(submission) | {"id": "n1", "created_at": T0.isoformat()}

    (line,), summary = assessed(tmp_path, ndjson(row))

    assert not summary.notes
    said = json.loads(msgspec.json.encode(verdict.assessment))
    assert {name: said.get(name, _absent(name)) for name in SAME} == {name: line[name] for name in SAME}
    decided = msgspec.to_builtins(verdict.decision)
    assert {name: decided[name] for name in DECIDED} == {name: line[name] for name in DECIDED}
    evidence = [[mark["signal"], mark["start"], mark["end"], mark["negated"]] for mark in line["evidence"]]
    assert said.get("evidence", []) == evidence


def _absent(name: str) -> object:
    """What a field is that is not written where it has its default."""
    return {"cross_level": "none", "abuse": False, "demands": []}.get(name)
