"""How Kafka is reached: address, encryption and login, the same for every client, with secrets from files."""

import ssl
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512
from msgspec import Struct

from shared.errors import Stopped
from shared.secret_files import secret_in, unreadable

SecurityProtocol: TypeAlias = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism: TypeAlias = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]
UNREADABLE: Final = "kafka_secret_unreadable"
_FASTSTREAM: Final[dict[str, Any]] = {
    "SCRAM-SHA-512": SASLScram512, "SCRAM-SHA-256": SASLScram256, "PLAIN": SASLPlaintext,
}  # fmt: skip


class Brokers(Struct, frozen=True, kw_only=True):
    """Brokers and how they are talked to. Files hold PEM; without `ca_file` the system's authorities count.

    Making one reads nothing. What cannot work (a file is missing, a login without encryption that was asked for) is
    raised as Stopped when a client asks for its options.
    """

    bootstrap: str
    security_protocol: SecurityProtocol = "PLAINTEXT"
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    sasl_username: str = ""
    sasl_password_file: Path | None = None
    request_timeout_ms: int = 40_000

    def options(self) -> dict[str, Any]:
        """What any aiokafka client is given; raises Stopped."""
        self._check()
        found: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap, "request_timeout_ms": self.request_timeout_ms,
        }  # fmt: skip
        if self.security_protocol != "PLAINTEXT":
            found |= {"security_protocol": self.security_protocol, "ssl_context": self._tls()}
        if self._sasl:
            user, password = self._login()
            found |= {
                "sasl_mechanism": self.sasl_mechanism, "sasl_plain_username": user, "sasl_plain_password": password,
            }  # fmt: skip
        return found

    def security(self) -> BaseSecurity | None:
        """The same for FastStream; raises Stopped."""
        self._check()
        if self.security_protocol == "PLAINTEXT":
            return None
        tls = self._tls()
        if not self._sasl:
            return BaseSecurity(ssl_context=tls, use_ssl=True)
        user, password = self._login()
        made: BaseSecurity = _FASTSTREAM[self.sasl_mechanism](user, password, ssl_context=tls, use_ssl=tls is not None)
        return made

    @property
    def _sasl(self) -> bool:
        return self.security_protocol.startswith("SASL")

    @property
    def _encrypted(self) -> bool:
        return self.security_protocol.endswith("SSL")

    def _check(self) -> None:
        """A half-made setting must not end in a connection that is less safe than somebody believes."""
        if not self._encrypted and (self.ca_file or self.cert_file or self.key_file):
            raise self._contradiction("KESU_KAFKA_{CA,CERT,KEY}_FILE", zh="不加密", en="does not encrypt")
        if not self._sasl and (self.sasl_username or self.sasl_password_file):
            raise self._contradiction("KESU_KAFKA_SASL_*", zh="不登录", en="does not log in")
        if self.key_file and not self.cert_file:
            raise Stopped(
                "kafka_settings_contradict",
                zh="给了 KESU_KAFKA_KEY_FILE，却没有 KESU_KAFKA_CERT_FILE",
                en="KESU_KAFKA_KEY_FILE is given without KESU_KAFKA_CERT_FILE",
            )

    def _contradiction(self, given: str, *, zh: str, en: str) -> Stopped:
        return Stopped(
            "kafka_settings_contradict",
            zh=f"给了 {given}，但 KESU_KAFKA_SECURITY_PROTOCOL={self.security_protocol} {zh}",
            en=f"{given} is given, but KESU_KAFKA_SECURITY_PROTOCOL={self.security_protocol} {en}",
        )

    def _tls(self) -> ssl.SSLContext | None:
        return _context(self.ca_file, self.cert_file, self.key_file) if self._encrypted else None

    def _login(self) -> tuple[str, str]:
        if not self.sasl_username or self.sasl_password_file is None:
            raise Stopped(
                "kafka_login_missing",
                zh="SASL 需要 KESU_KAFKA_SASL_USERNAME 和 KESU_KAFKA_SASL_PASSWORD_FILE",
                en="SASL needs KESU_KAFKA_SASL_USERNAME and KESU_KAFKA_SASL_PASSWORD_FILE",
            )
        return self.sasl_username, secret_in(self.sasl_password_file, code=UNREADABLE)


@cache
def _context(ca_file: Path | None, cert_file: Path | None, key_file: Path | None) -> ssl.SSLContext:
    """Made once for all clients of a process: reading the authorities of a system takes longer than connecting."""
    context = _trusting(ca_file)
    if cert_file:
        try:
            context.load_cert_chain(cert_file, key_file)
        except (OSError, ssl.SSLError) as error:
            raise unreadable(_first_missing(cert_file, key_file), code=UNREADABLE) from error
    return context


def _trusting(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise unreadable(ca_file or Path(ssl.get_default_verify_paths().openssl_cafile), code=UNREADABLE) from error


def _first_missing(cert_file: Path, key_file: Path | None) -> Path:
    return key_file if key_file and cert_file.is_file() and not key_file.is_file() else cert_file
