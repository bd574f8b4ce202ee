"""What clients of Kafka are given, and which settings are refused before anything connects."""

import ssl
from pathlib import Path
from typing import Any

import pytest
from faststream.security import BaseSecurity, SASLScram512

from shared.errors import Stopped
from shared.log.access import Brokers
from shared.settings import KafkaSettings
from tests.builders.certificates import vouched

AT = "a:9092,b:9092"


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(" with blanks \n")
    return file


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    return vouched(tmp_path / "ours").ca


def test_a_plain_address_says_nothing_of_security() -> None:
    brokers = Brokers(bootstrap=AT)
    assert brokers.options() == {"bootstrap_servers": AT, "request_timeout_ms": 40_000}
    assert brokers.security() is None


def test_a_login_over_tls(ca: Path, password: Path) -> None:
    brokers = Brokers(
        bootstrap=AT, security_protocol="SASL_SSL", ca_file=ca, sasl_username="kesu", sasl_password_file=password
    )
    options = brokers.options()
    context = options.pop("ssl_context")
    assert options == {
        "bootstrap_servers": AT, "request_timeout_ms": 40_000, "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512", "sasl_plain_username": "kesu", "sasl_plain_password": " with blanks ",
    }  # fmt: skip
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    security = brokers.security()
    assert isinstance(security, SASLScram512)
    assert (security.username, security.password, security.use_ssl) == ("kesu", " with blanks ", True)
    assert security.ssl_context is context, "one context for all clients of a process"


def test_a_login_without_tls_has_no_context(password: Path) -> None:
    brokers = Brokers(
        bootstrap=AT, security_protocol="SASL_PLAINTEXT", sasl_username="kesu", sasl_password_file=password
    )
    security = brokers.security()
    assert brokers.options()["ssl_context"] is None
    assert isinstance(security, BaseSecurity)
    assert not security.use_ssl


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ca_file": "ca"}, "kafka_settings_contradict"),
        ({"sasl_username": "kesu"}, "kafka_settings_contradict"),
        ({"security_protocol": "SSL", "sasl_password_file": "password"}, "kafka_settings_contradict"),
        (
            {"security_protocol": "SASL_PLAINTEXT", "sasl_username": "kesu", "ca_file": "ca"},
            "kafka_settings_contradict",
        ),
        ({"security_protocol": "SSL", "key_file": "key"}, "kafka_settings_contradict"),
        ({"security_protocol": "SSL", "ca_file": "nowhere"}, "kafka_secret_unreadable"),
        ({"security_protocol": "SSL", "ca_file": "password"}, "kafka_secret_unreadable"),
        ({"security_protocol": "SSL", "cert_file": "ca", "key_file": "nowhere"}, "kafka_secret_unreadable"),
        ({"security_protocol": "SASL_SSL", "ca_file": "ca"}, "kafka_login_missing"),
        ({"security_protocol": "SASL_PLAINTEXT", "sasl_username": "kesu"}, "kafka_login_missing"),
        (
            {"security_protocol": "SASL_PLAINTEXT", "sasl_username": "kesu", "sasl_password_file": "nowhere"},
            "kafka_secret_unreadable",
        ),
        (
            {"security_protocol": "SASL_PLAINTEXT", "sasl_username": "kesu", "sasl_password_file": "empty"},
            "kafka_secret_unreadable",
        ),
    ],
)
def test_what_cannot_work_or_is_less_safe_than_it_looks(
    tmp_path: Path, ca: Path, password: Path, given: dict[str, Any], code: str
) -> None:
    """For aiokafka's clients as for FastStream's."""
    (tmp_path / "empty").write_text("\n")
    files = {"ca": ca, "password": password, "key": tmp_path / "key"}
    made = {
        name: files.get(value, tmp_path / value) if name.endswith("_file") else value for name, value in given.items()
    }
    for asked in (Brokers.options, Brokers.security):
        with pytest.raises(Stopped) as stopped:
            asked(Brokers(bootstrap=AT, **made))
        assert stopped.value.code == code
        assert "with blanks" not in str(stopped.value)


def test_an_empty_name_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files leave things out that way."""
    for name in ("CA_FILE", "CERT_FILE", "KEY_FILE", "SASL_USERNAME", "SASL_PASSWORD_FILE"):
        monkeypatch.setenv(f"KESU_KAFKA_{name}", "")
    assert KafkaSettings(kafka_bootstrap=AT).brokers == Brokers(bootstrap=AT)


def test_every_setting_reaches_the_brokers(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "BOOTSTRAP": AT, "SECURITY_PROTOCOL": "SASL_SSL", "CA_FILE": "/ca", "CERT_FILE": "/cert", "KEY_FILE": "/key",
        "SASL_MECHANISM": "PLAIN", "SASL_USERNAME": "kesu", "SASL_PASSWORD_FILE": "/password", "REQUEST_TIMEOUT_MS": "7000",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"KESU_KAFKA_{name}", value)
    assert KafkaSettings().brokers == Brokers(
        bootstrap=AT, security_protocol="SASL_SSL", ca_file=Path("/ca"), cert_file=Path("/cert"), key_file=Path("/key"),
        sasl_mechanism="PLAIN", sasl_username="kesu", sasl_password_file=Path("/password"), request_timeout_ms=7_000,
    )  # fmt: skip
