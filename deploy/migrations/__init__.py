"""Migrations: numbered SQL files beside their owners, applied by Alembic, one branch per schema, forward only."""
