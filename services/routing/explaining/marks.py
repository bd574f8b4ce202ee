"""Evidence: where in the text a sign stands, and the words that stand there for who may read them."""

from services.routing.explaining.shown import ShownMark
from services.routing.explaining.wording import named
from services.routing.policy.pack import Pack
from shared.events.envelope import Language
from shared.events.routing import Evidence


def marks_of(evidence: tuple[Evidence, ...], *, text: str, lang: Language, pack: Pack | None) -> tuple[ShownMark, ...]:
    """The evidence in the order of the text; signs of one place share its number. `text` is "" where words are not shown."""
    numbers: dict[tuple[int, int], int] = {}
    shown = []
    for one in sorted(evidence, key=lambda each: (each.start, each.end)):
        number = numbers.setdefault((one.start, one.end), len(numbers) + 1)
        says = named(one.signal, lang, pack) if pack else one.signal
        shown.append(
            ShownMark(
                number=number,
                signal=one.signal,
                says=says,
                start=one.start,
                end=one.end,
                denied=one.negated,
                words=text[one.start : one.end],
            )
        )
    return tuple(shown)
