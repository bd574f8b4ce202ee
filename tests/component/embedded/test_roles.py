"""Each service reaches its own schema and no other; the vault gives each no more than it needs."""

import asyncpg
import pytest

from tests.fixtures.databases import Database

SERVICES = ("intake", "routing", "followup", "reporting")
KEY = "INSERT INTO vault.customer_keys (customer_id, version, wrapped) VALUES (gen_random_uuid(), 1, 'x')"


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_owns_its_schema_only(database: Database, service: str) -> None:
    async with database.connected(service) as conn:
        await conn.execute(f"CREATE TABLE {service}.own (n int)")
        for other in (*SERVICES, "migrations", "public"):
            if other != service:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await conn.execute(f"CREATE TABLE {other}.foreign_table (n int)")


async def test_no_service_reads_anothers_positions(database: Database) -> None:
    async with database.connected("routing") as conn:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.fetch("SELECT * FROM intake.positions")


@pytest.mark.parametrize(
    ("service", "statement", "may"),
    [
        ("intake", KEY, True),
        ("intake", "SELECT * FROM vault.customer_keys", True),
        ("intake", "UPDATE vault.customer_keys SET wrapped = NULL", False),
        ("intake", "DELETE FROM vault.customer_keys", False),
        ("routing", "SELECT * FROM vault.customer_keys", True),
        ("routing", KEY, False),
        ("reporting", "SELECT * FROM vault.customer_keys", True),
        ("reporting", KEY, False),
        ("followup", "SELECT * FROM vault.customer_keys", False),
        ("admin", "UPDATE vault.customer_keys SET wrapped = NULL, erased_at = now()", True),
    ],
)
async def test_what_each_may_do_with_customers_keys(
    database: Database, service: str, statement: str, may: bool
) -> None:
    async with database.connected(service) as conn:
        if may:
            await conn.execute(statement)
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute(statement)


async def test_the_administrator_reads_every_schema(database: Database) -> None:
    async with database.connected("admin") as conn:
        for service in SERVICES:
            await conn.fetch(f"SELECT * FROM {service}.positions")
