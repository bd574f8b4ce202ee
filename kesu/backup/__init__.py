"""Backups of the database and the log that fit together, and restoring either of them where the other is older or newer."""
