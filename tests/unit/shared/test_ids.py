"""Ids are derived: stable over releases and machines, because everything already on a log was named by them."""

from itertools import combinations
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from shared import ids
from shared.log.partitions import partition_of

PARTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def test_ids_never_change() -> None:
    """Written down once: another value would open every complaint of every log a second time."""
    assert ids.derive("kind", "a", "b") == "9dca7898-c488-8b62-9daf-7d23126e4ca8"
    assert ids.derive("投诉", "张三") == "19105d7f-36dd-8e30-bcf4-f7fbe2a54fea"
    assert ids.complaint_id(tenant="default", source="crm", source_id="n1") == "4ac68cd3-9435-8283-943e-bfe5ba6b827d"
    assert ids.event_id(cause="c", type_="t") == "f31fa8a8-36aa-8292-aed5-569181beafd8"
    assert ids.event_id(cause="c", type_="t", discriminator="d") == "df0393b0-d8ab-8352-bfbf-49b95c1702bb"


@given(st.text(min_size=1, max_size=16), st.lists(PARTS, max_size=4))
def test_an_id_is_a_uuid_of_version_8(kind: str, parts: list[str]) -> None:
    """Canonical text, so that it is what a uuid column gives back."""
    if len(kind.encode("utf-8", "replace")) > 16 or not kind.isprintable():
        kind = "kind"
    found = ids.derive(kind, *parts)
    uuid = UUID(found)
    assert (str(uuid), uuid.version, uuid.variant) == (found, 8, RFC_4122)


@given(st.lists(st.tuples(PARTS, PARTS), min_size=2, max_size=6, unique=True))
def test_different_parts_have_different_ids(pairs: list[tuple[str, str]]) -> None:
    """Where one part ends and the next begins counts as well."""
    for one, other in combinations(pairs, 2):
        assert ids.derive("k", *one) != ids.derive("k", *other)


def test_kinds_do_not_collide() -> None:
    """Equal parts of two families are two ids."""
    assert ids.derive("complaint", "x") != ids.derive("event", "x")


def test_a_key_keeps_its_partition_for_life() -> None:
    """Written down once: another partition would break the order of a complaint's facts."""
    assert [partition_of(key, 6) for key in ("", "a", "投诉")] == [0, 3, 1]
    assert {partition_of(str(n), 6) for n in range(100)} == set(range(6))
