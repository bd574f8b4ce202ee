"""Refused by real servers: services stop at once and commands end, each with a code, in both languages, naming no secret."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.containers.postgres import SUPERUSER, PostgresContainer
from kesu.cli import app
from shared.errors import Stopped
from shared.settings import ServiceSettings
from tests.builders.certificates import vouched
from tests.component.pipeline.echo import create
from tests.integration.containers.securing import MUTUAL, Secured

pytestmark = pytest.mark.stack
WRONG = "not-the-password"
SECONDS_MAX = 15


@pytest.fixture
def changed(secured: Secured, tmp_path: Path) -> dict[str, dict[str, str]]:
    """What is wrong → the settings that are."""
    bad, away = tmp_path / "bad", str(tmp_path / "nowhere")
    bad.write_text(WRONG)
    other = str(vouched(tmp_path / "other").ca)
    url = secured.database_url(SUPERUSER)
    mutual = {
        "KESU_KAFKA_BOOTSTRAP": secured.at(MUTUAL), "KESU_KAFKA_SECURITY_PROTOCOL": "SSL",
        "KESU_KAFKA_SASL_USERNAME": "", "KESU_KAFKA_SASL_PASSWORD_FILE": "",
    }  # fmt: skip
    return {
        "kafka's password": {"KESU_KAFKA_SASL_PASSWORD_FILE": str(bad)},
        "kafka's authority": {"KESU_KAFKA_CA_FILE": other},
        "kafka's mechanism": {"KESU_KAFKA_SASL_MECHANISM": "SCRAM-SHA-256"},
        "no certificate": mutual,
        "no file of kafka's password": {"KESU_KAFKA_SASL_PASSWORD_FILE": away},
        "no login": {"KESU_KAFKA_SASL_USERNAME": ""},
        "no authority": {"KESU_KAFKA_CA_FILE": away},
        "the database's password": {"KESU_DATABASE_PASSWORD_FILE": str(bad)},
        "the database's authority": {"KESU_DATABASE_URL": url.replace(str(secured.files.ca), other)},
        "the database's mode": {"KESU_DATABASE_URL": url.replace("verify-full", "verify")},
        "no authority of the database": {"KESU_DATABASE_URL": url.replace(str(secured.files.ca), away)},
        "no file of the database's password": {"KESU_DATABASE_PASSWORD_FILE": away},
    }


CODES = [
    ("kafka's password", "kafka_login_refused"),
    ("kafka's authority", "kafka_certificate_refused"),
    ("kafka's mechanism", "kafka_mechanism_refused"),
    ("no certificate", "kafka_certificate_refused"),
    ("no file of kafka's password", "kafka_secret_unreadable"),
    ("no login", "kafka_login_missing"),
    ("no authority", "kafka_secret_unreadable"),
    ("the database's password", "database_login_refused"),
    ("the database's authority", "database_certificate_refused"),
    ("the database's mode", "database_address_wrong"),
    ("no authority of the database", "database_secret_unreadable"),
    ("no file of the database's password", "database_password_unreadable"),
]


def _settings(env: dict[str, str]) -> ServiceSettings:
    given: dict[str, Any] = {name.removeprefix("KESU_").lower(): value or None for name, value in env.items()}
    return ServiceSettings(**given | {"kafka_sasl_username": given["kafka_sasl_username"] or ""})


async def _refusal(settings: ServiceSettings) -> Stopped:
    """Why a service with these settings stops; it must do so by itself, and soon."""
    service = create("echo", settings)
    assert await asyncio.wait_for(service.run(), SECONDS_MAX) == 1
    assert isinstance(service._failure, Stopped), repr(service._failure)
    return service._failure


@pytest.mark.parametrize(("wrong", "code"), CODES)
async def test_a_service_stops(secured: Secured, changed: dict[str, dict[str, str]], wrong: str, code: str) -> None:
    """Trying again would not help."""
    refusal = await _refusal(_settings(secured.env(SUPERUSER) | changed[wrong]))
    assert (refusal.code, any("\u4e00" <= char <= "\u9fff" for char in refusal.zh)) == (code, True)
    assert WRONG not in str(refusal)


@pytest.mark.parametrize(("wrong", "code"), [one for one in CODES if "login" not in one[0]])
async def test_a_command_says_the_same(
    secured: Secured, changed: dict[str, dict[str, str]], wrong: str, code: str
) -> None:
    """`kesu lag` asks both servers."""
    env = {name: value or None for name, value in (secured.env(SUPERUSER) | changed[wrong]).items()}
    began = time.monotonic()
    result = await asyncio.to_thread(CliRunner().invoke, app, ["lag"], env=env)
    assert (result.exit_code, code in result.output) == (1, True), result.output
    assert time.monotonic() - began < SECONDS_MAX
    assert WRONG not in result.output


async def test_a_database_that_offers_no_tls(secured: Secured, container_postgres: PostgresContainer) -> None:
    """Asked for TLS, nothing of ours goes on without it."""
    url = container_postgres.url() + "?sslmode=require"
    env = secured.kafka_env() | {"KESU_DATABASE_URL": url}
    assert (await _refusal(_settings(env))).code == "database_certificate_refused"
