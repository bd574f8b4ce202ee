"""One way for every service to read the log: batch-wise, exactly-once in effect, nothing lost and nothing blocked."""
