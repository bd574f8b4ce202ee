"""Labelled rows and judgements, ready made."""

from typing import Any

from kesu.assessing.judged import Judged
from kesu.judge.labelled import LabelledRow, Labels


def labels(row_id: str = "r", **given: Any) -> Labels:
    """A complaint about the network, said angrily."""
    usual: dict[str, Any] = {
        "is_complaint": True, "cause": "product", "cross_level": "none", "abuse": False, "repeat": False,
        "severity": "S3", "emotion": 5.0,
    }  # fmt: skip
    return Labels(id=row_id, **(usual | given))


def row(row_id: str = "r", *, text: str = "信号差", part: int = 0, unread: bool = False, **given: Any) -> LabelledRow:
    return LabelledRow(text=text, labels=labels(row_id, **given), part=part, unread=unread)


def judged(**given: Any) -> Judged:
    """The judgement that agrees with `labels`."""
    usual: dict[str, Any] = {
        "id": "r", "kind": "complaint", "is_complaint": True, "cause": "product", "causes": ("product",),
        "cross_level": "none", "cross_level_target": "", "emotion": 5, "abuse": False, "repeat": False,
        "severity": "S3", "demands": (), "style": {}, "motives": (), "unit": "u", "tier": "L1", "strategy": "standard",
        "evidence": (),
    }  # fmt: skip
    return Judged(**(usual | given))
