"""Intake's decisions: pure functions from what arrived, and when, to what it becomes."""
