"""A record that cannot be used never blocks and never vanishes."""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from kesu.cli import app
from kesu.letters import all_letters, redrive
from shared.ids import derive
from shared.log.headers import ONLY_FOR, TYPE, event_headers, header
from shared.pipeline.records import Headers, Outgoing
from shared.saved import COMPLAINTS
from shared.vault import Vault
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Ground
from tests.component.pipeline.echo import RECEIVED, EchoHandler, create

WORDS = "张三 13800138000"
KEY = bytes(range(32))


def raw(value: bytes, *, key: str = "", type_: str = RECEIVED, headers: Headers = ()) -> Outgoing:
    """A record with any content."""
    usual = tuple(event_headers(type_=type_, id_="x", source=b"/test", key=key))
    return Outgoing(topic=COMPLAINTS, key=key, id="x", type=type_, value=value, headers=headers or usual)


def poison() -> dict[str, Outgoing]:
    """One record of each kind, by the reason it dies of; the last ones decode, but no table takes them."""
    one = stand.complaints(1)[0].value
    return {
        "undecodable": raw(b"\xff\xfe\x00" + WORDS.encode()),
        "wrong type": raw(one.replace(b'"channel":"app"', f'"channel":"{WORDS}"'.encode())),
        "huge": raw(b'{"type":"' + RECEIVED.encode() + b'","id":"' + b"x" * 850_000 + b'"}'),
        "deep": raw(b'{"type":"' + RECEIVED.encode() + b'","key_facts":' + b"[" * 100_000),
        "no type": raw(one, headers=(("traceparent", WORDS.encode()),)),
        "empty": raw(b""),
        "other event": raw(one, type_="kesu.survey.answered.v1"),
        "other key": raw(one, key=derive("complaint", "another")),
        "no uuid": raw(stand.complaints(1, first=999)[0].value.replace(b'"complaint_id":"', b'"complaint_id":"no-')),
    }


async def test_the_rest_of_a_batch_goes_on_and_each_poison_has_a_letter(ground: Ground) -> None:
    """Poison of every kind between good complaints: all good ones are handled, every other is a letter that leaks nothing."""
    await stand.make_schema(ground.url, "echo")
    bad = poison()
    mixed = [*stand.complaints(30), *bad.values(), *stand.complaints(30, first=30)]
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish(mixed)
    handler = EchoHandler("echo")
    service = create("echo", stand.settings(ground.bootstrap, ground.url), handler=handler)
    async with stand.running(service):
        await stand.until(lambda: len(set(handler.handled)) >= 60, "all good ones are handled")
        await stand.until(lambda: service.pipeline.dead >= len(bad) - 1, "the others are letters")
    letters = await stand.letters_of(ground.bootstrap)
    codes = sorted(letter.code for letter in letters)
    assert codes == sorted(
        ["not_this_event"] * 4 + ["no_event_type", "no_value", "key_contradicts_event", "refused_by_the_database"]
    ), "an event of another type is not for this consumer, and passed over"
    for record in (await stand.log_of(ground.bootstrap, "kesu.dead-letters")).values():
        assert not any("138001" in str(one.value) or "张三" in (one.value or b"").decode() for one in record)
    assert (await stand.effects(ground.bootstrap, ground.url, "echo")).faults(stand.expected_ids("echo", 60)) == set()


async def test_letters_are_listed_shown_and_driven_again(ground: Ground) -> None:
    """Redriven, a record reaches the consumer that failed and nobody else; what failed for a passing reason works now."""
    await stand.make_schema(ground.url, "echo_a", "echo_b")
    events = stand.complaints(10)
    one, other = EchoHandler("echo_a"), EchoHandler("echo_b")
    one.impossible = frozenset([events[3].id])
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish(events)
    services = [create(h.name, stand.settings(ground.bootstrap, ground.url), handler=h) for h in (one, other)]
    async with stand.running(services[0]), stand.running(services[1]):
        await stand.until(lambda: len(one.handled) == 9 and len(other.handled) == 10, "all but the impossible one")
        (letter,) = await all_letters(ground.brokers)
        assert (letter.consumer, letter.code, letter.detail) == ("echo_a", "not_for_us", "said the test")
        one.impossible = frozenset()
        async with stand.writing(ground.bootstrap) as producer:
            assert await redrive([letter], brokers=ground.brokers, vault=Vault(KEY), producer=producer) == []
        await stand.until(lambda: events[3].id in one.handled, "the one that failed handled it")
        await stand.until(lambda: services[1].reader.next == services[0].reader.next, "the other has passed over it")
        assert other.handled.count(events[3].id) == 1
    assert (await stand.effects(ground.bootstrap, ground.url, "echo_a")).faults(
        stand.expected_ids("echo_a", 10)
    ) == set()
    records = [record for raws in (await stand.log_of(ground.bootstrap, COMPLAINTS)).values() for record in raws]
    again = next(record for record in records if header(record.headers, ONLY_FOR))
    assert (again.value, again.key) == (events[3].value, events[3].key.encode()), "byte for byte as it was"
    assert (header(again.headers, TYPE), again.headers[-1]) == (RECEIVED, (ONLY_FOR, b"echo_a"))


async def test_the_commands_say_what_there_is(ground: Ground, tmp_path: Path) -> None:
    """`kesu dead-letters`: list and redrive by reason, show with and without the content; the listing shows no content."""
    await stand.make_schema(ground.url, "echo")
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish([raw(f'{{"type":"{WORDS}"}}'.encode()), raw(b"")])
    service = create("echo", stand.settings(ground.bootstrap, ground.url))
    async with stand.running(service):
        await stand.until(lambda: service.pipeline.dead == 2, "both are letters")
    key_file = tmp_path / "master-key"
    key_file.write_text(KEY.hex())
    env = {"KESU_KAFKA_BOOTSTRAP": ground.bootstrap, "KESU_MASTER_KEY_FILE": str(key_file)}
    listed = await kesu(env, "dead-letters", "list", "--json")
    assert [one["code"] for one in listed] == ["not_this_event", "no_value"]
    assert "138001" not in json.dumps(listed, ensure_ascii=False)
    id_ = listed[0]["id"]
    assert "record" not in await kesu(env, "dead-letters", "show", id_, "--json")
    shown = await kesu(env, "dead-letters", "show", id_[:8], "--content", "--json")
    assert shown["record"]["value"] == f'{{"type":"{WORDS}"}}'
    done = await kesu(env, "dead-letters", "redrive", "--all", "--code", "no_value", "--json")
    assert done == {"redriven": [listed[1]["id"]], "nothing_to_redrive": []}
    (empty, again) = [
        one for raws in (await stand.log_of(ground.bootstrap, COMPLAINTS)).values() for one in raws if not one.value
    ]
    assert (empty.value, header(again.headers, ONLY_FOR)) == (again.value, "echo")


async def kesu(env: dict[str, str], *command: str) -> Any:
    """What the command says to a program; it runs in a thread, as it has a loop of its own."""

    def call(arguments: Sequence[str]) -> Any:
        result = CliRunner().invoke(app, list(arguments), env=dict(os.environ) | env)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return await asyncio.to_thread(call, command)
