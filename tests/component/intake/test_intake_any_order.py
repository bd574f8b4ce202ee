"""Any repetition, order and batch cut of the same submissions gives the same facts with the same ids."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events.envelope import ComplaintFact, Fact
from shared.events.intake import ComplaintReceived
from shared.events.registry import decode
from shared.events.submissions import Submission
from tests.builders import submissions as s
from tests.component.intake.desk import Desk

SUBMISSIONS: list[Submission] = [
    s.complaint(),
    s.complaint(source_id="n2", text="another one"),
    s.complaint(tenant="other"),
    s.contact(source_id="f1"),
    s.survey(source_id="f2"),
    s.link(source_id="f3"),
    s.withdrawal(source_id="f4", tenant="other"),
    s.roster(source_id="f5"),
]


def facts(events: list[Fact]) -> set[tuple[str, str, str, str]]:
    return {
        (
            type(event).__name__,
            event.id,
            event.complaint_id if isinstance(event, ComplaintFact) else "",
            event.customer_id if isinstance(event, ComplaintFact) else "",
        )
        for event in events
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_the_facts_are_the_same(desk: Desk, data: st.DataObject) -> None:
    async with desk.pool.acquire() as conn:
        await conn.execute("TRUNCATE intake.events, intake.submissions, intake.waiting")
    await desk.submit(*SUBMISSIONS)
    expected = facts(await desk.events())
    async with desk.pool.acquire() as conn:
        await conn.execute("TRUNCATE intake.events, intake.submissions, intake.waiting")

    repeats = data.draw(st.lists(st.sampled_from(SUBMISSIONS), max_size=10))
    left = data.draw(st.permutations([*SUBMISSIONS, *repeats]))
    published: dict[str, Fact] = {}
    while left:
        size = data.draw(st.integers(1, len(left)))
        for one in (await desk.submit(*left[:size])).outgoing:
            published.setdefault(one.id, decode(one.value))
        left = left[size:]

    events = await desk.events()
    assert len(SUBMISSIONS) == len(events)
    assert expected == facts(events)
    assert expected == facts(list(published.values()))
    opened: set[str] = set()
    for event in published.values():
        if isinstance(event, ComplaintReceived):
            opened.add(event.complaint_id)
        elif isinstance(event, ComplaintFact):
            assert event.complaint_id in opened, "a fact was published before its complaint"
