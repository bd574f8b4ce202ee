"""Explanations for people at a terminal: a sentence tried out here, or a complaint asked of the routing service."""
