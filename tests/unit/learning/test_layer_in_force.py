"""A pack with a layer judges by it, says so on the trail and in evidence, and judges as before where it has none."""

from functools import cache
from typing import Any

from kesu.learning.packs import rules_alone, with_layer
from services.routing.model import Verdict
from services.routing.policy.pack import Pack
from services.routing.rules import decide
from shared.events.routing import Evidence, History
from tests.unit.learning.models import body, case, pack

CALM = "你好,请问蓝鲸何时能办理"
NONE = History()


@cache
def layered() -> Pack:
    return with_layer(pack(), body(signs={"always": [5000, 5000]}))


def _decided(text: str, of: Pack, **more: Any) -> Verdict:
    return decide(case(text, **more), NONE, of)


def test_default_packs_have_no_layer() -> None:
    assert pack().learned is None


def test_what_the_layer_moved_is_on_the_trail_with_texts_and_evidence() -> None:
    verdict = _decided("你好,宽带断了,蓝鲸", layered())

    moved = [rule.rule for rule in verdict.rules if rule.table == "learned"]
    assert "inquiry" == verdict.assessment.kind
    assert "learned_kind" in moved
    assert Evidence("learned.complaint", 8, 10) in verdict.assessment.evidence
    assert all(layered().text(rule, lang) for rule in moved for lang in ("zh", "en"))


def test_who_goes_over_our_heads_complains_whatever_was_learned() -> None:
    verdict = _decided("蓝鲸再不解决我就去工信部投诉", layered())

    assert ("complaint", "threatened") == (verdict.assessment.kind, verdict.assessment.cross_level)


def test_the_same_case_and_pack_give_the_same_verdict() -> None:
    assert _decided(CALM, layered()) == _decided(CALM, with_layer(pack(), body(signs={"always": [5000, 5000]})))


def test_the_model_is_part_of_the_packs_name() -> None:
    assert pack().content_hash != layered().content_hash
    assert layered().content_hash != with_layer(pack(), body()).content_hash


def test_without_its_layer_a_pack_judges_as_before() -> None:
    assert _decided(CALM, pack()) == _decided(CALM, rules_alone(layered()))
