"""How a service lives: parts put together, started, watched, drained and stopped."""
