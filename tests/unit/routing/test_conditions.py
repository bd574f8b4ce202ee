"""Conditions: the plain ones are answered by looking, exactly as CEL would answer them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.routing.policy.conditions import compiled, evaluated, plain_source
from services.routing.policy.errors import PackError
from services.routing.policy.rows import Tables
from services.routing.policy.vocabulary import FACTS
from tests.unit.routing.bench import default_pack

COUNTS = sorted(name for name, value in FACTS.items() if type(value) is int)
FLAGS = sorted(name for name, value in FACTS.items() if value is False)
SIGNALS = ("a", "b", "c")


@st.composite
def plain(draw: st.DrawFn) -> str:
    """A condition of names and comparisons under && and ||."""
    name = st.sampled_from([*FLAGS[:4], *(f"has_{signal}" for signal in SIGNALS)])
    count = st.sampled_from(COUNTS[:4])
    term = st.one_of(count, st.integers(0, 9).map(str), st.builds("{} * {}".format, count, st.integers(0, 9)))
    side = st.lists(term, min_size=1, max_size=3).map(" + ".join)
    compared = st.builds("{} {} {}".format, side, st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), side)
    part = st.one_of(name, name.map("!{}".format), compared)
    return draw(st.recursive(part, _combined, max_leaves=6))


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Several under && or ||, in brackets."""
    return st.builds(
        lambda parts, by: f"({f' {by} '.join(parts)})",
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from(["&&", "||"]),
    )


@settings(deadline=None)
@given(
    plain(),
    st.fixed_dictionaries({name: st.integers(0, 9) for name in COUNTS}),
    st.fixed_dictionaries({name: st.booleans() for name in FLAGS}),
    st.sets(st.sampled_from(SIGNALS)),
)
@example("emotion > 0 && repeat >= 1", dict.fromkeys(COUNTS, 0), dict.fromkeys(FLAGS, False), set())
def test_what_is_not_evaluated_would_have_given_the_same(
    when: str, counts: dict[str, int], flags: dict[str, bool], said: set[str]
) -> None:
    sample = FACTS | {f"has_{signal}": False for signal in SIGNALS}
    condition = compiled(table="t", row="r", when=when, facts=sample)
    values = FACTS | counts | flags
    assert condition.plain
    assert evaluated("t", "r", condition.program)(values, said) is condition.holds(values, said)


@settings(deadline=None)
@given(st.data())
def test_the_packs_own_conditions_too(data: st.DataObject) -> None:
    pack = default_pack()
    facts = {
        name: data.draw(st.booleans() if isinstance(value, bool) else st.integers(0, 10), name)
        for name, value in FACTS.items()
    }
    said = data.draw(st.sets(st.sampled_from(pack.asked)))
    for name in Tables.__struct_fields__:
        for condition in [rule.condition for rule in getattr(pack.tables, name).rules if rule.condition]:
            by_cel = evaluated(condition.table, condition.row, condition.program)
            assert by_cel(facts, said) is condition.holds(facts, said), condition.row


def test_hardly_a_condition_of_the_pack_has_to_be_evaluated() -> None:
    tables = default_pack().tables
    every = [rule.condition for name in Tables.__struct_fields__ for rule in getattr(tables, name).rules]
    evaluated = [one.row for one in every if one and not one.plain]
    assert len(evaluated) * 10 < len(every), evaluated


@pytest.mark.parametrize(
    "when",
    [
        "!(has_a && abuse)",
        "(has_a) == (abuse)",
        "(emotion) > 3",
        "(has_a || abuse",
        "has_a == false",
        "has_a ? abuse : danger",
        "true",
        "emotion - 1 > 3",
        "emotion / 2 > 3",
        "emotion % 2 == 0",
        "emotion * repeat > 3",
        "3 * emotion * 2 > 3",
        "amount > -1",
        "has_a != has_b",
        "emotion in [1, 2]",
        "1 < emotion == true",
    ],
)
def test_what_is_not_plain_is_left_to_cel(when: str) -> None:
    assert plain_source(when) is None


def test_a_condition_without_a_value_names_its_row() -> None:
    condition = compiled(table="score", row="x", when="100 / (emotion - 5) > 1", facts=FACTS)
    with pytest.raises(PackError) as caught:
        condition.holds(FACTS | {"emotion": 5}, set())
    assert ("score", "x") == (caught.value.table, caught.value.row)
