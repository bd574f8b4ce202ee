"""Routing's judgement: pure rules from a case, its history and a policy pack to a verdict, one file per decision."""

from services.routing.model import Case, Verdict
from services.routing.policy.pack import Pack
from services.routing.rules.assessing import assess
from services.routing.rules.deciding import decide_on
from services.routing.rules.words import Words, read_words
from shared.events.routing import History

__all__ = ["Words", "assess", "decide", "judge", "read_words"]


def decide(case: Case, history: History, pack: Pack) -> Verdict:
    """Judge `case`: the same case, history and pack give the same verdict, byte for byte. Raises PackError only."""
    return judge(case, read_words(case, pack), history, pack)


def judge(case: Case, words: Words, history: History, pack: Pack) -> Verdict:
    """Judge a case whose `words` were read with the same pack: its main cause is needed to look into the history first."""
    assessed = assess(case, words, history, pack)
    decision = decide_on(case, assessed, pack)
    return Verdict(assessed.assessment, decision, (*assessed.fired, *assessed.judging.trail))
