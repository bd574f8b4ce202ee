"""The database's address with its password from a file, and which failures are refusals."""

import ssl
from pathlib import Path

import asyncpg
import pytest
from pydantic import ValidationError

from deploy.migrations.passwords import scram_verifier
from shared.database_access import full_address, refusal
from shared.errors import Stopped
from shared.settings import DatabaseSettings


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("p@ss/word:1\n")
    return file


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("postgresql://kesu@host/kesu", "postgresql://kesu:p%40ss%2Fword%3A1@host/kesu"),
        ("postgresql://kesu:old@host:1/kesu", "postgresql://kesu:p%40ss%2Fword%3A1@host:1/kesu"),
        ("postgresql://kesu@[::1]/k?sslmode=require", "postgresql://kesu:p%40ss%2Fword%3A1@[::1]/k?sslmode=require"),
        ("postgresql://kesu@a:1,b:2/kesu", "postgresql://kesu:p%40ss%2Fword%3A1@a:1,b:2/kesu"),
        ("postgresql://kesu@/kesu?host=/run/pg", "postgresql://kesu:p%40ss%2Fword%3A1@/kesu?host=/run/pg"),
    ],
)
def test_the_password_is_put_into_the_address(password: Path, given: str, made: str) -> None:
    assert full_address(given, password) == made
    assert full_address(given, None) == given
    assert DatabaseSettings(database_url=given, database_password_file=password).database == made


@pytest.mark.parametrize(
    ("url", "file", "code"),
    [
        ("postgresql://kesu@host/kesu", "nowhere", "database_password_unreadable"),
        ("postgresql://kesu@host/kesu", "empty", "database_password_unreadable"),
        ("postgresql://host/kesu", "password", "database_user_missing"),
        ("postgresql://k@host/k?sslmode=verify-full&sslrootcert=/nowhere", "password", "database_secret_unreadable"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, password: Path, url: str, file: str, code: str) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(Stopped) as stopped:
        full_address(url, tmp_path / file)
    assert stopped.value.code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (asyncpg.InvalidPasswordError("for user kesu"), "database_login_refused"),
        (ssl.SSLCertVerificationError("untrusted"), "database_certificate_refused"),
        (ConnectionError("PostgreSQL server at x rejected SSL upgrade"), "database_certificate_refused"),
        (asyncpg.ClientConfigurationError("`sslmode` must be"), "database_address_wrong"),
        (ssl.SSLEOFError("cut off: the server was killed"), None),
        (ConnectionRefusedError("not there yet"), None),
        (FileNotFoundError("no socket yet"), None),
        (asyncpg.InterfaceError("connection is closed"), None),
    ],
)
def test_a_refusal_is_not_a_server_that_is_away(error: BaseException, code: str | None) -> None:
    found = refusal(error)
    assert (found.code if found else None) == code


def test_an_error_of_settings_shows_nothing_that_was_given() -> None:
    with pytest.raises(ValidationError) as wrong:
        DatabaseSettings(database_url="postgresql://kesu:geheim@host/kesu", database_connect_timeout_s=-1)
    assert "geheim" not in str(wrong.value)


def test_a_verifier_is_the_one_of_the_standard() -> None:
    """RFC 7677 gives user, password, salt and both proofs; the keys follow from them."""
    salt = b"[m\x99h\x9d\x125\x8e\xec\xa0K\x14\x126\xfa\x81"
    assert scram_verifier("pencil", salt=salt) == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
        "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )
    assert scram_verifier("pencil") != scram_verifier("pencil"), "each time with another salt"
