"""The order of what services saved: each service's own, and every cause before its effects."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kesu.backup.merging import Saved, in_causal_order
from shared.events.envelope import Fact
from shared.events.registry import encode, type_of
from tests.builders import contact_recorded, planned, promise_kept, received, routed

RECEIVED = received(id="r", causation_id="submission 1")
CONTACT = contact_recorded(id="c", causation_id="submission 2")
ROUTED = routed(id="d", causation_id="r")
PLANNED = planned(id="p", causation_id="d")
KEPT = promise_kept(id="k", causation_id="c")


def saved(event: Fact) -> Saved:
    return Saved("some", "kesu.complaints", "x", type_of(type(event)), event, encode(event))


def order(*queues: Sequence[Fact]) -> list[str]:
    return [one.event.id for one in in_causal_order([[saved(event) for event in queue] for queue in queues])]


def test_effects_follow_their_causes_whoever_saved_them() -> None:
    assert ["r", "c", "d", "p", "k"] == order([RECEIVED, CONTACT], [ROUTED], [PLANNED, KEPT])


def test_a_cause_that_is_on_the_log_already_is_not_waited_for() -> None:
    assert ["p", "k"] == order([], [], [PLANNED, KEPT])


def test_contradictions_end_too() -> None:
    one, other = routed(id="1", causation_id="2"), planned(id="2", causation_id="1")
    assert {"1", "2"} == set(order([one], [other]))


@given(st.data())
def test_any_log_of_three_services_comes_back_in_an_order_of_the_same_kind(data: st.DataObject) -> None:
    log: list[Fact] = []
    queues: tuple[list[Fact], ...] = ([], [], [])
    for number in range(data.draw(st.integers(0, 25))):
        cause = data.draw(st.sampled_from([f"e{n}" for n in range(number)] or ["outside"]))
        event = contact_recorded(id=f"e{number}", causation_id=cause)
        log.append(event)
        data.draw(st.sampled_from(queues)).append(event)
    found = order(*queues)
    assert sorted(event.id for event in log) == sorted(found)
    place = {id_: at for at, id_ in enumerate(found)}
    assert all(place[e.causation_id] < place[e.id] for e in log if e.causation_id in place)
    assert all(place[a.id] < place[b.id] for queue in queues for a, b in pairwise(queue))
