"""Routing's decisions: the newest counts, the first is remembered, every change of unit is a transfer."""

from msgspec.structs import replace

from services.reporting.model import DecisionRow
from shared.events.routing import ComplaintRouted


def decision_of(event: ComplaintRouted) -> DecisionRow:
    """The decision as a run of one revision."""
    assessment, decision = event.assessment, event.decision
    at = event.decided_at or event.occurred_at
    return DecisionRow(
        complaint_id=event.complaint_id, revision=event.revision, because=event.because, first_routed_at=at,
        routed_at=at, pack=event.pack, kind=assessment.kind, cause=assessment.cause, sub_cause=assessment.sub_cause,
        emotion=assessment.emotion, repeat=assessment.repeat, danger=assessment.danger, abuse=assessment.abuse,
        amount_minor=assessment.amount_minor, demands=assessment.demands, cross_level=assessment.cross_level,
        cross_target=assessment.cross_target, cross_reason=assessment.cross_reason, severity=decision.severity,
        priority=decision.priority, responsibility=decision.responsibility, unit=decision.unit, tier=decision.tier,
        handler_level=decision.handler_level, strategy=decision.strategy, key_complete=event.key_complete,
        first_unit=decision.unit, first_tier=decision.tier, first_cross_level=assessment.cross_level,
        peak_tier=decision.tier, transfers=0,
    )  # fmt: skip


def merged(older: DecisionRow, newer: DecisionRow) -> DecisionRow:
    """Two runs of revisions as one; a run that is not newer changes nothing. The store's upsert says the same in SQL."""
    if newer.revision <= older.revision:
        return older
    return replace(
        newer,
        first_routed_at=older.first_routed_at,
        first_unit=older.first_unit,
        first_tier=older.first_tier,
        first_cross_level=older.first_cross_level,
        peak_tier=max(older.peak_tier, newer.peak_tier),
        transfers=older.transfers + (older.unit != newer.first_unit) + newer.transfers,
    )
