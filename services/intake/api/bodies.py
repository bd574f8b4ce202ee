"""What intake answers over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from services.intake.model import Accepted, ComplaintDraft, Draft
from services.intake.rules.key_information import KeyTable, finding_texts
from shared.events.intake import KeyFinding
from shared.problems import PROBLEMS, ProblemBody

_encode = msgspec.json.Encoder().encode


class FindingText(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A finding of the key-information check; it stops nothing."""

    code: str
    field: str
    against: str = ""
    zh: str
    en: str


class Notice(Struct, frozen=True):
    """Something the sender should know although the submission was taken."""

    code: str
    zh: str
    en: str


class Answer(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The answer to one submission. `waiting`: its complaint is not there yet; it is taken in when that comes."""

    status: Literal["accepted", "duplicate", "waiting"]
    submission_id: str
    complaint_id: str = ""
    event_id: str = ""
    findings: tuple[FindingText, ...] = ()
    warnings: tuple[Notice, ...] = ()


class Result(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The answer to one event of a batch: an answer or a problem."""

    index: int
    id: str = ""
    answer: Answer | None = None
    problem: ProblemBody | None = None


class Results(Struct, frozen=True, kw_only=True):
    """The answers to a batch, in its order."""

    taken: int
    refused: int
    results: tuple[Result, ...]


class Standing(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Where a complaint stands. `current` is reporting's own view; without it reporting was away or is not that far yet."""

    complaint_id: str
    source: str
    source_id: str
    state: str
    accepted_at: datetime
    findings: tuple[FindingText, ...] = ()
    current: Raw | UnsetType = UNSET


def answer_of(accepted: Accepted, draft: Draft, table: KeyTable) -> Answer:
    """The answer to `draft`, which was not refused."""
    assert accepted.status != "refused"
    findings: tuple[FindingText, ...] = ()
    if isinstance(draft, ComplaintDraft):
        findings = findings_of(draft.event.findings, table)
    warnings = tuple(Notice(code, PROBLEMS[code].zh, PROBLEMS[code].en) for code in accepted.warnings)
    return Answer(
        status=accepted.status,
        submission_id=accepted.submission_id,
        complaint_id=accepted.complaint_id,
        event_id=accepted.event_id,
        findings=findings,
        warnings=warnings,
    )


def findings_of(findings: Sequence[KeyFinding], table: KeyTable) -> tuple[FindingText, ...]:
    """Findings with their texts."""
    if not findings:
        return ()
    texts = [(finding, finding_texts(table, finding)) for finding in findings]
    return tuple(
        FindingText(code=f.code, field=f.field, against=f.against, zh=words.zh, en=words.en) for f, words in texts
    )


def encoded(body: Struct) -> bytes:
    """The body as JSON."""
    return _encode(body)
