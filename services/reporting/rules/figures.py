"""The rates of the KPI catalogue from their counts: the same formulas as the view of daily figures."""

from services.reporting.shown import Counts, Rates


def rates_of(counts: Counts) -> Rates:
    """The rates; a share has four decimals, a mean two."""
    return Rates(
        promises_kept_rate=_ratio(counts.promises_kept, counts.promises_kept + counts.promises_broken, 4),
        first_contact_resolution=_ratio(counts.first_contact_resolved, counts.closed, 4),
        solution_rate=_ratio(counts.demands_answered, counts.closed, 4),
        escalation_rate=_ratio(counts.escalated, counts.received, 4),
        key_complete_rate=_ratio(counts.key_complete, counts.received, 4),
        average_handle_minutes=_ratio(counts.contact_minutes, counts.closed, 2),
        csat=_ratio(counts.csat_sum, counts.csat_answers, 2),
    )


def _ratio(part: int, whole: int, decimals: int) -> float | None:
    return round(part / whole, decimals) if whole else None
