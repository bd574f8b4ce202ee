"""Ready-made cases and the default pack, loaded once: what every test of the judgement starts from."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec

from services.routing.model import Case, Verdict
from services.routing.policy.pack import Pack, load_pack
from services.routing.rules import decide
from shared.events.routing import History

RECEIVED_AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)  # a Monday, 11:00 in Shanghai


@cache
def default_pack() -> Pack:
    return load_pack()


def case_of(text: str, **given: Any) -> Case:
    """A case from the web, in the language its letters suggest, unless `given` says otherwise."""
    known: dict[str, Any] = {
        "complaint_id": "c-1",
        "channel": "web",
        "lang": "en" if text.isascii() else "zh",
        "received_at": RECEIVED_AT,
    }
    return Case(**(known | {"text": text} | given))


def judge(text: str, history: History | None = None, **given: Any) -> Verdict:
    return decide(case_of(text, **given), history or History(), default_pack())


def fired(verdict: Verdict, table: str) -> list[str]:
    """The rules of `table` that won."""
    return [rule.rule for rule in verdict.rules if rule.table == table and rule.won]


def canonical(verdict: Verdict) -> bytes:
    return msgspec.json.encode(verdict, order="sorted")
