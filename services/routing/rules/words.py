"""Words: what a text alone says, read once; no history of the customer is in it."""

from msgspec import Struct

from services.routing.model import Case
from services.routing.policy.pack import Pack
from services.routing.policy.weights import Tally
from services.routing.rules.cause import CauseRead, find_cause
from services.routing.rules.cross_level import CrossRead, read_cross_level
from services.routing.rules.leaning import lean_cause
from services.routing.rules.learned import LearnedView, view_words
from services.routing.rules.reading import Reading, read


class Words(Struct, frozen=True):
    """What the words alone say; nothing of the customer's history is in it."""

    reading: Reading
    tally: Tally
    cause: CauseRead
    cross: CrossRead
    learned: LearnedView | None = None


def read_words(case: Case, pack: Pack) -> Words:
    """Read the text once: its main cause is needed to look into the history, and all of it to decide."""
    reading = read(case.text, pack.lexicon, public=case.is_public_post)
    tally = pack.weights.tally(reading.said)
    cause = find_cause(tally, case.stated, pack)
    cross = read_cross_level(reading, pack.lexicon.clause_end)
    if not pack.learned:
        return Words(reading, tally, cause, cross)
    view = view_words(pack.learned, case, reading, tally, cause, cross, pack)
    return Words(reading, tally, lean_cause(view, cause, tally, pack), cross, view)
