"""What identifies a customer is readable where it came in, and nowhere else: not in topics, tables, logs or answers."""

import asyncio

import pytest

from shared.log.submissions import SUBMISSIONS_TOPIC
from tests.e2e.harvest import Harvest, harvest
from tests.e2e.planted import EN, NOTES, VALUES, ZH, traces

pytestmark = pytest.mark.stack
AES_SIV_BYTES = 16  # what sealing adds to the plain text
# The columns that hold something sealed, and nothing of it in plain. `body` is an event in JSON, of which `sealed` alone
# is ciphertext (under the customer's key); `intake.waiting.sealed` is ciphertext as a whole (under the centre's key);
# `wrapped` is a customer's key under the master key.
SEALED_COLUMNS = {
    "intake.waiting.sealed",
    "intake.events.body",
    "routing.received.body",
    "reporting.archive.body",
    "vault.customer_keys.wrapped",
}


@pytest.fixture(scope="module")
def found() -> Harvest:
    """One run for all that is asked here."""
    return asyncio.run(harvest())


def test_what_came_in_is_found_where_it_came_in(found: Harvest) -> None:
    """So the search can find: the topic of submissions is what channels wrote, kept for days, before anything is sealed."""
    came = {SUBMISSIONS_TOPIC: found.topics[SUBMISSIONS_TOPIC]}
    by_http_alone = NOTES[0]

    assert sorted(f"{SUBMISSIONS_TOPIC}: {value}" for value in VALUES if value != by_http_alone) == traces(came)


def test_no_other_topic_holds_a_planted_value(found: Harvest) -> None:
    others = {topic: some for topic, some in found.topics.items() if topic != SUBMISSIONS_TOPIC}

    assert {"kesu.complaints", "kesu.dead-letters"} <= {topic for topic, some in others.items() if some}
    assert [] == traces(others)


def test_no_log_file_holds_a_planted_value(found: Harvest) -> None:
    assert {
        f"{name}.log" for name in ("intake", "routing", "followup", "reporting", "postgres", "broker")
    } <= found.logs.keys()
    assert all(lines != [b""] for name, lines in found.logs.items() if name in ("intake.log", "reporting.log"))
    assert [] == traces(found.logs)


@pytest.mark.parametrize("when", ["waiting", "cells"])
def test_no_table_holds_a_planted_value_in_plain(found: Harvest, when: str) -> None:
    """While facts wait for their complaint, and when all is over; answers kept under an Idempotency-Key among them."""
    cells: dict[str, list[bytes]] = getattr(found, when)

    assert len(cells["intake.submissions.submission_id"]) >= 6
    assert len(cells["intake.idempotency.answer"]) == 4
    assert SEALED_COLUMNS - cells.keys() <= ({"intake.waiting.sealed"} if when == "cells" else set())
    assert [] == traces(cells)


def test_no_answer_shows_a_planted_value_to_who_presents_no_key(found: Harvest) -> None:
    assert [] == traces(found.answers)


def test_what_waits_is_sealed_as_a_whole(found: Harvest) -> None:
    assert 2 == len(found.waiting["intake.waiting.sealed"]) == len(found.waiting_opened)
    assert [f"opened: {note}" for note in sorted(NOTES)] == traces({"opened": found.waiting_opened})
    assert sorted(map(len, found.waiting["intake.waiting.sealed"])) == sorted(
        len(plain) + AES_SIV_BYTES for plain in found.waiting_opened
    )


def test_sealed_parts_of_events_are_ciphertext_of_what_came_in(found: Harvest) -> None:
    opened = [value for value in VALUES if value != EN.customer.phone]  # which is +14155550148 by then

    assert [] == traces({"boxes": found.event_boxes})
    assert {"intake.events.body", "routing.received.body", "reporting.archive.body"} == {
        column for column, some in found.cells.items() if any(b'"sealed"' in cell for cell in some)
    }
    assert sorted(f"opened: {value}" for value in opened) == [
        one for one in traces({"opened": found.events_opened}) if one.removeprefix("opened: ") in opened
    ]
    assert all(
        len(box) == len(plain) + AES_SIV_BYTES
        for box, plain in zip(found.event_boxes, found.events_opened, strict=True)
    )


def test_dead_letters_keep_what_they_held_for_who_has_the_master_key(found: Harvest) -> None:
    planted = traces({"opened": found.letters_opened})

    assert len(found.letters_opened) == 13  # eleven useless records, two facts that waited in vain
    assert {f"opened: {value}" for value in (ZH.words, EN.words, ZH.customer.name, *NOTES)} <= set(planted)
