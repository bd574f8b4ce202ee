"""A pack's own examples as tests: sentences with what must be read in them and decided about them (`examples.yaml`)."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import msgspec
from msgspec import Struct

from services.routing.examining.findings import Finding, error, warning
from services.routing.examining.owning import own_rows
from services.routing.model import Case, Verdict
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack
from services.routing.rules import decide
from shared.events.envelope import Language
from shared.events.intake import Channel, CustomerTier, KeyFacts, KeyFinding, Stated
from shared.events.routing import Assessment, Decision, History

FILE: Final = "examples"
_HAN: Final = re.compile(r"[㐀-鿿]")
_SHANGHAI: Final = timezone(timedelta(hours=8))
_RECEIVED_AT: Final = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
_FIELDS: Final = frozenset(Assessment.__struct_fields__) | frozenset(Decision.__struct_fields__) | {"rules"}

Expected = bool | int | str | tuple[str, ...] | None


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sentence and what is expected of it; what is not given is as in a first complaint from the web.

    Under `expect`: any field of the assessment or decision, and `rules` (that won). A list must be contained in what was found.
    """

    id: str
    text: str
    expect: dict[str, Expected]
    lang: Language | None = None
    channel: Channel = "web"
    customer_tier: CustomerTier = "standard"
    region: str = ""
    key_facts: KeyFacts = KeyFacts()
    findings: tuple[KeyFinding, ...] = ()
    stated: Stated = Stated()
    history: History = History()
    received_at: datetime | None = None


def examples_of(pack: Pack) -> tuple[Example, ...]:
    """The pack's examples, inherited ones included; raises PackError."""
    found = tuple(pack.documents.many(FILE, Example)) if FILE in pack.documents.trees else ()
    for number, one in enumerate(found):
        if one.id in {earlier.id for earlier in found[:number]}:
            raise PackError(table=FILE, row=one.id, zh="编号已被使用", en="this id is already used")
    return found


def run_examples(pack: Pack, examples: tuple[Example, ...]) -> Iterator[Finding]:
    """What each example expects and the pack does not do: an error in its own examples, worth knowing in inherited ones."""
    own = own_rows(pack)
    for one in examples:
        for unknown in sorted(one.expect.keys() - _FIELDS):
            yield error(
                "example_unknown",
                table=FILE,
                row=one.id,
                zh=f"没有结果字段 {unknown}",
                en=f"nothing is called {unknown}",
            )
        try:
            verdict = decide(case_of(one), one.history, pack)
        except PackError as problem:
            why = problem.reasons
            yield error("no_value", table=problem.table, row=problem.row, zh=why["zh"], en=why["en"])
            continue
        found = error if f"{FILE}/{one.id}" in own else warning
        yield from _differences(one, verdict, found)


def _differences(example: Example, verdict: Verdict, found: Callable[..., Finding]) -> Iterator[Finding]:
    code = "example_fails" if found is error else "inherited_example_differs"
    for name, expected in sorted(example.expect.items()):
        if name not in _FIELDS or _fits(actual := _found(verdict, name), expected):
            continue
        if isinstance(expected, tuple) and isinstance(actual, list):
            missing = _shown([one for one in expected if one not in actual])
            zh, en = f"{name} 中缺少 {missing}", f"{name} lacks {missing}"
        else:
            zh, en = (
                f"{name} 应为 {_shown(expected)}，实为 {_shown(actual)}",
                f"{name} should be {_shown(expected)}, is {_shown(actual)}",
            )
        yield found(code, table=FILE, row=example.id, zh=zh, en=en)


def case_of(example: Example) -> Case:
    """The case that an example stands for; times without a zone are Shanghai's."""
    at = example.received_at or _RECEIVED_AT
    return Case(
        complaint_id=example.id, channel=example.channel, text=example.text, customer_tier=example.customer_tier,
        lang=example.lang or ("zh" if _HAN.search(example.text) else "en"), region=example.region,
        key_facts=example.key_facts, stated=example.stated, findings=example.findings,
        received_at=at if at.tzinfo else at.replace(tzinfo=_SHANGHAI),
    )  # fmt: skip


def _found(verdict: Verdict, name: str) -> object:
    if name == "rules":
        return [rule.rule for rule in verdict.rules if rule.won]
    source = verdict.assessment if name in Assessment.__struct_fields__ else verdict.decision
    found = msgspec.to_builtins(getattr(source, name))
    if isinstance(found, list | tuple):  # promises by their kind, clocks by their id, evidence and styles by their name
        return [one.get("kind") or one.get("id") if isinstance(one, dict) else one[0] if isinstance(one, list | tuple) else one for one in found]  # fmt: skip
    return found


def _fits(found: object, expected: Expected) -> bool:
    if isinstance(expected, tuple):
        return isinstance(found, list) and set(expected) <= set(found)
    return found == expected


def _shown(value: object) -> str:
    return msgspec.json.encode(value).decode()
