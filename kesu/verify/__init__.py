"""Proves from the log itself that nothing is lost, doubled, out of order or forgotten, and that every table agrees."""
