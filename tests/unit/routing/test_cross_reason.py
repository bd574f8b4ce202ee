"""Why it came to a threat or more: history first, then what the words tell of it."""

import pytest

from shared.events.routing import History
from tests.unit.routing.bench import judge

THREAT = ",我要去工信部投诉"


@pytest.mark.parametrize(
    ("reason", "text", "history"),
    [
        ("promise_broken", "宽带断了", History(promises_broken_90d=1, complaints_30d=1)),
        ("promise_broken", "说好24小时内上门,已经五天了", History()),
        ("waiting", "宽带断了三天了还没人来", History(complaints_30d=1, same_cause_30d=1)),
        ("never_contacted", "宽带断了", History()),
        ("repeat", "宽带断了", History(complaints_30d=1, same_cause_30d=1, open_now=1)),
    ],
)
def test_the_reason_of_a_threat(reason: str, text: str, history: History) -> None:
    read = judge(text + THREAT, history).assessment
    assert ("threatened", reason) == (read.cross_level, read.cross_reason)


def test_without_a_threat_there_is_no_reason() -> None:
    assert "" == judge("宽带断了三天了", History(complaints_30d=1)).assessment.cross_reason


@pytest.mark.parametrize("text", ["行動網路收訊很差,我要向NCC檢舉", "手機收不到訊號,打去消基會投訴你們"])
def test_bodies_above_us_in_other_regions_are_known(text: str) -> None:
    read = judge(text, lang="zh").assessment
    assert ("product", "threatened") == (read.cause, read.cross_level)
