"""Keeps every promise made to a customer: schedules callbacks, watches due times, says how each promise ended."""
