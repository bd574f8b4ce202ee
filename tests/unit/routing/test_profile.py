"""The customer behind the complaint: motives, latent demands, types, and what the case may do in public."""

import msgspec
import pytest

from services.routing.policy.errors import PackError
from services.routing.policy.profile import SHOWN, build_profile
from shared.events.routing import History
from tests.unit.routing.bench import default_pack, fired, judge


@pytest.mark.parametrize(
    ("motive", "text"),
    [
        ("respect", "营业员态度恶劣,骂人,要求道歉"),
        ("venting", "你们这帮混蛋,气死我了,太过分了!!!"),
        ("solving", "宽带断网三天了,一直没人来修,赶紧修好"),
        ("compensation", "乱扣我三百块话费,必须退款赔偿"),
        ("communication", "为什么扣费,给我解释一下,请尽快回电联系我"),
        ("compensation", "I was overcharged $200, I want a refund and compensation"),
        ("respect", "The agent was rude and hung up on me, I want an apology"),
    ],
)
def test_what_the_customer_is_after(motive: str, text: str) -> None:
    assert motive in judge(text).assessment.motives


def test_a_motive_is_on_the_trail_and_its_signs_stand_in_the_text() -> None:
    verdict = judge("营业员态度恶劣,骂人,要求道歉")
    row = next(row for row in default_pack().profile.all if row.id == "motive_respect")
    assert "motive_respect" in fired(verdict, "motives")
    assert set(row.signs) & {evidence.signal for evidence in verdict.assessment.evidence}


def test_what_was_asked_for_is_not_latent() -> None:
    silent, said = judge("营业员态度恶劣,骂人").assessment, judge("营业员态度恶劣,骂人,要求道歉").assessment
    assert "apology" in (*silent.latent_demands, *silent.demands)
    assert "apology" not in said.latent_demands
    assert "apology" in said.demands


def test_disc_follows_the_style() -> None:
    read = judge("我要求你们立刻给我处理,务必今天解决,必须给个说法").assessment
    assert ("dominant", "disc_d") == (read.style[0][0], next(type_ for name, type_, _ in read.types if name == "disc"))
    for name in {name for name, _, _ in read.types}:
        assert 100 == sum(share for of, _, share in read.types if of == name)


def test_public_risk_has_its_reasons() -> None:
    calm, loud = (
        judge("宽带断了").assessment,
        judge("@人民日报 我们小区都断网,我要找记者曝光你们", channel="social").assessment,
    )
    assert ("none", ()) == (calm.public_risk, calm.public_reasons)
    assert "high" == loud.public_risk
    assert {"public_channel", "public_tagged", "public_media", "public_group"} <= set(loud.public_reasons)


def test_many_similar_complaints_raise_the_risk() -> None:
    text = "我们小区都断网了"
    once, often = (judge(text, History(similar_24h=n), channel="social").assessment for n in (0, 120))
    assert "public_pace" not in once.public_reasons
    assert "public_pace" in often.public_reasons
    assert (once.public_risk, often.public_risk) in {("low", "medium"), ("low", "high"), ("medium", "high")}


def test_what_is_no_complaint_has_no_profile() -> None:
    read = judge("请问怎么办理宽带?谢谢").assessment
    assert ("inquiry", (), (), "none", ()) == (
        read.kind,
        read.motives,
        read.latent_demands,
        read.public_risk,
        read.types,
    )


def test_every_motive_and_public_reason_has_texts() -> None:
    pack = default_pack()
    for row in pack.profile.all:
        assert pack.text(row.id, "zh") and pack.text(row.id, "en")
    assert 7 == len(pack.profile.motives.rows)


def test_a_sign_that_nobody_shows_is_an_error_that_names_the_row() -> None:
    files = default_pack().documents
    trees = {
        "motives": [{"id": "m", "motive": "m", "side": "rational", "zh": "甲", "en": "a", "signs": {"case.raining": 1}}]
    }
    with pytest.raises(PackError, match=r"motives.*row m.*case\.raining"):
        build_profile(msgspec.structs.replace(files, trees=trees), SHOWN)
