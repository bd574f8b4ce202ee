"""What a command is told of database and broker, and what it says where that cannot be right."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kesu.cli import app
from kesu.cli.where import located
from shared.log.access import Brokers

URL = "postgresql://kesu_admin@db/kesu?sslmode=require"


def test_address_and_secrets_come_from_the_same_environment_as_a_services(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text("geheim\n")
    given = {"SECURITY_PROTOCOL": "SASL_SSL", "SASL_USERNAME": "ops", "SASL_PASSWORD_FILE": str(file)}
    for name, value in given.items():
        monkeypatch.setenv(f"KESU_KAFKA_{name}", value)
    monkeypatch.setenv("KESU_DATABASE_PASSWORD_FILE", str(file))
    at = located(URL, "broker:9093")
    assert at.database_url == "postgresql://kesu_admin:geheim@db/kesu?sslmode=require"
    assert at.brokers == Brokers(
        bootstrap="broker:9093", security_protocol="SASL_SSL", sasl_username="ops", sasl_password_file=file
    )


@pytest.mark.parametrize(
    ("command", "env", "code"),
    [
        (["lag"], {"KESU_KAFKA_SECURITY_PROTOCOL": "TLS"}, "settings_invalid"),
        (["verify"], {"KESU_KAFKA_SASL_MECHANISM": "GSSAPI"}, "settings_invalid"),
        (["topics"], {"KESU_KAFKA_CA_FILE": "/ca"}, "kafka_settings_contradict"),
        (["dead-letters", "list"], {"KESU_KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "kafka_login_missing"),
        (["backup", "/tmp/nowhere"], {"KESU_DATABASE_PASSWORD_FILE": "/nowhere"}, "database_password_unreadable"),
        (["erase", "--yes", "6b657375-0000-8000-8000-000000000001"], {"KESU_DATABASE_PASSWORD_FILE": "/nowhere"}, "database_password_unreadable"),
        (["migrate", "--url", URL, "--role-passwords", "/run/secrets"], {}, "superuser_missing"),
        (["migrate", "--url", URL, "--roles-as", URL, "--role-passwords", "/nowhere"], {}, "role_password_missing"),
    ],
)  # fmt: skip
def test_a_command_ends_with_a_code_before_it_connects(command: list[str], env: dict[str, str], code: str) -> None:
    where = {"KESU_DATABASE_URL": URL, "KESU_KAFKA_BOOTSTRAP": "127.0.0.1:1"}
    result = CliRunner().invoke(app, command, env=where | env)
    assert (result.exit_code, code in result.output) == (1, True), result.output
