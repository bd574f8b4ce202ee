"""Who may what on a real server: each role in its own schema alone, and in the vault what it needs of the keys."""

from typing import Final

import asyncpg
import pytest

from deploy.embedded.environment import SERVICES
from tests.integration.containers.places import Place

pytestmark = pytest.mark.stack
SCHEMAS: Final = (*SERVICES, "vault", "migrations")
EVERYTHING: Final = {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}
IN_THE_VAULT: Final = {"intake": {"SELECT", "INSERT"}, "routing": {"SELECT"}, "reporting": {"SELECT"}}
_TABLES: Final = (
    "SELECT table_name FROM information_schema.tables WHERE table_schema = $1 AND table_type = 'BASE TABLE'"
)
_MAY: Final = """
SELECT DISTINCT privilege FROM unnest($3::text[]) AS privilege, pg_class
WHERE relnamespace = $2::regnamespace AND relkind IN ('r', 'v') AND (
    has_table_privilege($1, pg_class.oid, privilege)
    OR privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege($1, pg_class.oid, privilege)
)
"""


def _expected(service: str, schema: str) -> set[str]:
    if service == schema:
        return EVERYTHING
    return IN_THE_VAULT.get(service, set()) if schema == "vault" else set()


async def test_the_table_of_roles_and_schemas(from_nothing: Place) -> None:
    """As the server itself answers, for tables, views and single columns."""
    found = {
        (service, schema): {
            name for (name,) in await from_nothing.ask(_MAY, f"kesu_{service}", schema, sorted(EVERYTHING), role="")
        }
        for service in SERVICES
        for schema in SCHEMAS
    }
    assert found == {(service, schema): _expected(service, schema) for service in SERVICES for schema in SCHEMAS}


@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_not_allowed_is_refused_table_by_table(from_nothing: Place, service: str) -> None:
    """Tried, not only asked."""
    tried = 0
    conn = await asyncpg.connect(from_nothing.url(service))
    try:
        for schema in (one for one in SCHEMAS if one != service):
            for (table,) in await from_nothing.ask(_TABLES, schema, role=""):
                for right, statement in _attempts(f"{schema}.{table}"):
                    if right not in _expected(service, schema):
                        tried += 1
                        with pytest.raises(asyncpg.InsufficientPrivilegeError):
                            await conn.execute(statement)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute(f"CREATE TABLE {schema}.mine ()")
        assert tried > 40
        assert 0 == await conn.fetchval(f"SELECT count(*) FROM {service}.positions")
    finally:
        await conn.close()


def _attempts(table: str) -> list[tuple[str, str]]:
    return [
        ("SELECT", f"SELECT FROM {table}"), ("INSERT", f"INSERT INTO {table} DEFAULT VALUES"),
        ("DELETE", f"DELETE FROM {table}"), ("TRUNCATE", f"TRUNCATE {table}"),
    ]  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_becomes_another_or_more_than_it_is(from_nothing: Place, service: str) -> None:
    conn = await asyncpg.connect(from_nothing.url(service))
    try:
        for role in ("admin", *(one for one in SERVICES if one != service)):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute(f"SET ROLE kesu_{role}")
        for statement in (
            "CREATE ROLE more",
            "CREATE DATABASE more",
            "CREATE SCHEMA more",
            "CREATE TABLE public.more ()",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute(statement)
    finally:
        await conn.close()
