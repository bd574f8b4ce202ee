"""Everything that is read from a case before the first table is asked: its words, what is stated, and its history."""

from collections.abc import Collection
from typing import Final

from services.routing.model import Case
from services.routing.policy.pack import Pack
from services.routing.rules.amounts import Amount, read_amount, read_bare_amount
from services.routing.rules.dates import read_times
from services.routing.rules.emotion import read_emotion
from services.routing.rules.facts import Read
from services.routing.rules.repeat import count_repeats
from services.routing.rules.words import Words
from shared.events.routing import History

_AMOUNT_MAX: Final = 10**15  # conditions calculate with 64 bits


def read_case(case: Case, words: Words, history: History, pack: Pack) -> Read:
    """Everything that conditions may ask about, read once."""
    reading, tally = words.reading, words.tally
    said, stated = reading.said, case.stated
    repeat = count_repeats(said=said, points=tally.repeat, stated=stated, history=history)
    emotion = read_emotion(pack.settings.heat, tally, case=case, reading=reading, history=history, repeat=repeat)
    amount = _amount(case, reading.text, said)
    currency = amount.currency if amount else case.key_facts.currency
    times = read_times(reading.text, case.received_at.date(), lang=case.lang)
    return Read(
        reading=reading,
        tally=tally,
        cause=words.cause,
        cross=words.cross,
        amount=amount,
        currency=currency,
        amount_limit=pack.settings.amount_limits[currency],
        times=times,
        emotion=emotion,
        repeat=repeat,
        abuse="abuse" in said,
        danger=stated.danger or "danger" in said or "self_harm" in said,
        vulnerable=stated.vulnerable or "vulnerable" in said,
        outage="outage" in said,
        group="group" in said,
    )


def _amount(case: Case, text: str, said: Collection[str]) -> Amount | None:
    """The amount in dispute: the one recorded as a key fact, else the largest that the words name."""
    if case.key_facts.amount_minor is not None:
        return Amount(max(0, min(_AMOUNT_MAX, case.key_facts.amount_minor)), case.key_facts.currency)
    return read_amount(text) if "money" in said else read_bare_amount(text)
