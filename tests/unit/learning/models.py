"""Small models written by hand, and texts read with the default pack."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec

from services.routing.model import Case
from services.routing.policy.learned import MEMBER, LearnedLayer, load_layer
from services.routing.policy.pack import Pack, load_pack
from services.routing.rules import Words, read_words
from services.routing.rules.learned import LearnedView, view_words

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@cache
def pack() -> Pack:
    return load_pack()


def case(text: str, **more: Any) -> Case:
    return Case(**{"complaint_id": "c", "channel": "hotline", "text": text, "received_at": NOW, **more})


def body(**changed: Any) -> bytes:
    """A model with the heads `complaint` and `emotion`, in which "蓝鲸" speaks for no complaint."""
    whole: dict[str, Any] = {
        "format": "kesu.learned.v1",
        "base": "0" * 32,
        "rows": {"complaint": 100, "emotion": 100},
        "heads": ["complaint", "emotion"],
        "grams": {"蓝鲸": [64, -9000, 0], "鲸": [64, 0, 3000]},
        "signs": {"always": [1000, 5000]},
    }
    return msgspec.json.encode(whole | changed)


def layer(**changed: Any) -> LearnedLayer:
    found = load_layer({MEMBER: body(**changed)})
    assert found
    return found


def viewed(text: str, of: LearnedLayer, **more: Any) -> LearnedView:
    """What the layer makes of a text."""
    one = case(text, **more)
    words = read(one)
    return view_words(of, one, words.reading, words.tally, words.cause, words.cross, pack())


def read(one: Case) -> Words:
    return read_words(one, pack())
