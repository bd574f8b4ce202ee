"""Tactics: at most three of the pack that fit the customer and the case, first the feeling, then the matter."""

from typing import Any

import pytest

from services.routing.policy.advice_rows import FITS, TacticRow
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack, build_pack
from services.routing.policy.source import PackSource, read_source
from services.routing.rules.judging import Judging
from services.routing.rules.tactics import choose_tactics
from shared.events.routing import Assessment
from tests.unit.routing.bench import default_pack, judge

STEPS = ("feeling", "matter", "expectation")
LABELS = {"severity": "S3", "responsibility": "unit", "strategy": "standard"}


def chosen(pack: Pack | None = None, *, labels: dict[str, str] | None = None, **shown: Any) -> tuple[str, ...]:
    """What is recommended for a case that shows nothing but what is given."""
    usual: dict[str, Any] = {"kind": "complaint", "cause": "price", "matrix": "process", "emotion": 4}
    assessment = Assessment(**(usual | shown))
    known = LABELS | {"kind": assessment.kind} | (labels or {})
    return choose_tactics(assessment, Judging({}, set(), known), pack or default_pack())


def step_of(tactic: str) -> int:
    row = next(rule.row for rule in default_pack().tables.tactics.rules if rule.row.id == tactic)
    return STEPS.index(row.step)


@pytest.mark.parametrize(
    ("shown", "tactic"),
    [
        ({"emotion": 9, "difficult": ("emotional",)}, "tactic_let_it_out"),
        ({"abuse": True}, "tactic_name_abuse_once"),
        ({"style": (("analytical", 100),), "difficult": ("well_prepared",)}, "tactic_point_by_point"),
        ({"style": (("dominant", 100),)}, "tactic_accept_then_plan"),
        ({"style": (("steady", 100),)}, "tactic_no_hurry"),
        ({"difficult": ("able_to_publicise",)}, "tactic_praise_before_persuasion"),
        ({"difficult": ("stubborn",)}, "tactic_tai_chi"),
        ({"demands": ("compensation",)}, "tactic_lower_expectations"),
        ({"demands": ("apology",), "cause": "attitude"}, "tactic_apology"),
        ({"labels": {"responsibility": "not_solvable"}}, "tactic_no_with_reason"),
    ],
)
def test_a_tactic_is_chosen_by_what_the_case_shows(shown: dict[str, Any], tactic: str) -> None:
    assert tactic in chosen(**shown)


def test_never_more_than_three_in_the_order_of_the_steps() -> None:
    everything = chosen(
        emotion=9, abuse=True, repeat=3, difficult=("emotional", "stubborn", "unreasonable", "well_prepared"),
        demands=("apology", "compensation"), style=(("dominant", 100),), cross_level="threatened",
        labels={"severity": "S1", "responsibility": "not_solvable", "strategy": "long_haul"},
    )  # fmt: skip
    assert 3 == len(everything)
    assert sorted(everything, key=step_of) == list(everything)
    assert 2 >= max(sum(step_of(one) == step for one in everything) for step in range(3))


def test_what_shows_nothing_gets_the_kind_answer_and_noise_none() -> None:
    assert ("tactic_answer_kindly",) == chosen(kind="inquiry", cause="other")
    assert () == chosen(kind="noise")


def test_a_style_counts_by_its_share() -> None:
    assert "tactic_accept_then_plan" in chosen(style=(("dominant", 90), ("steady", 10)))
    assert "tactic_accept_then_plan" not in chosen(style=(("steady", 90), ("dominant", 10)))


def test_a_decision_carries_them_and_its_trail_says_so() -> None:
    verdict = judge("宽带断了一个月,打了五次电话没人管,气死我了!!!")
    assert verdict.decision.tactics
    assert set(verdict.decision.tactics) == {one.rule for one in verdict.rules if one.table == "tactics"}


def test_every_tactic_speaks_both_languages_and_says_what_to_avoid() -> None:
    for rule in default_pack().tables.tactics.rules:
        row = rule.row
        assert isinstance(row, TacticRow)
        for said in (row.fit, row.say, row.avoid):
            assert any("一" <= char <= "鿿" for char in said.zh)
            assert not any("一" <= char <= "鿿" for char in said.en)


@pytest.mark.parametrize("fit", ["emotion.furious", "colour.red", "cause.weather", "style."])
def test_a_fit_that_no_case_can_show_is_refused(fit: str) -> None:
    layers = read_source().layers
    body = layers[-1]["tables/tactics.yaml"].decode().replace("{style.dominant: 3,", "{" + fit + ": 3,", 1)
    spoilt = PackSource((*layers[:-1], layers[-1] | {"tables/tactics.yaml": body.encode()}))
    with pytest.raises(PackError) as caught:
        build_pack(spoilt)
    assert ("tables/tactics", "tactic_accept_then_plan") == (caught.value.table, caught.value.row)


def test_every_axis_is_used_by_some_tactic() -> None:
    used = {name.partition(".")[0] for rule in default_pack().tables.tactics.rules for name in rule.row.fits}
    assert used >= set(FITS) - {"kind"}


def test_every_article_that_a_cause_names_is_there() -> None:
    pack = default_pack()
    assert {rule for cause in pack.causes for rule in cause.rules} <= set(pack.advice.articles)
