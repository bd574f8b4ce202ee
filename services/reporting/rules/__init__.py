"""Projections: an event in, a change of rows out; pure, and the same whatever the batch was cut to."""

from services.reporting.rules.fold import project

__all__ = ["project"]
