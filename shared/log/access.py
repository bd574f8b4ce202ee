"""How Kafka is reached: address, encryption and login, the same for every client, with secrets from files."""

import ssl
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from aiokafka.conn import create_conn
from aiokafka.errors import AuthenticationFailedError, KafkaError, SaslAuthenticationFailed
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512
from msgspec import Struct

from shared.errors import Stopped

Protocol: TypeAlias = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism: TypeAlias = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]
TRIAL_TIMEOUT_MS: Final = 5_000
_FASTSTREAM: Final[dict[str, Any]] = {
    "SCRAM-SHA-512": SASLScram512, "SCRAM-SHA-256": SASLScram256, "PLAIN": SASLPlaintext,
}  # fmt: skip


class Brokers(Struct, frozen=True, kw_only=True):
    """Brokers and how they are talked to. Files hold PEM; the system's certificate authorities count without `ca_file`."""

    bootstrap: str
    protocol: Protocol = "PLAINTEXT"
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    mechanism: Mechanism = "SCRAM-SHA-512"
    username: str = ""
    password_file: Path | None = None

    def options(self) -> dict[str, Any]:
        """What any aiokafka client is given; raises Stopped where a file or a name is missing."""
        found: dict[str, Any] = {"bootstrap_servers": self.bootstrap}
        if self.protocol != "PLAINTEXT":
            found |= {"security_protocol": self.protocol, "ssl_context": self._tls()}
        if self.protocol.startswith("SASL"):
            user, password = self._login()
            found |= {
                "sasl_mechanism": self.mechanism, "sasl_plain_username": user, "sasl_plain_password": password,
            }  # fmt: skip
        return found

    def security(self) -> BaseSecurity | None:
        """The same for FastStream."""
        if self.protocol == "PLAINTEXT":
            return None
        tls = self._tls()
        if not self.protocol.startswith("SASL"):
            return BaseSecurity(ssl_context=tls, use_ssl=True)
        user, password = self._login()
        made: BaseSecurity = _FASTSTREAM[self.mechanism](user, password, ssl_context=tls, use_ssl=tls is not None)
        return made

    def _tls(self) -> ssl.SSLContext | None:
        return _context(self.ca_file, self.cert_file, self.key_file) if self.protocol.endswith("SSL") else None

    def _login(self) -> tuple[str, str]:
        if not self.username or self.password_file is None:
            raise Stopped(
                "kafka_login_missing",
                zh="SASL 需要 KESU_KAFKA_SASL_USERNAME 和 KESU_KAFKA_SASL_PASSWORD_FILE",
                en="SASL needs KESU_KAFKA_SASL_USERNAME and KESU_KAFKA_SASL_PASSWORD_FILE",
            )
        try:
            return self.username, self.password_file.read_text().strip()
        except OSError as error:
            raise _unreadable(self.password_file) from error


# Where a plain address is enough, it is one without encryption and login.
Address: TypeAlias = Brokers | str


def brokers_at(address: Address) -> Brokers:
    """The brokers at `address`."""
    return Brokers(bootstrap=address) if isinstance(address, str) else address


async def refused(address: Address) -> Stopped | None:
    """Why the first of the brokers does not let us in, where it is there and says so; asked after a failure to connect.

    The client library tells only that it could not connect: to a wrong password, trying again is no answer.
    """
    options = brokers_at(address).options()
    host, _, port = options.pop("bootstrap_servers").split(",")[0].strip().rpartition(":")
    try:
        conn = await create_conn(host, int(port), request_timeout_ms=TRIAL_TIMEOUT_MS, **options)
    except (AuthenticationFailedError, SaslAuthenticationFailed):
        return Stopped(
            "kafka_login_refused", zh="Kafka 拒绝登录：用户名或密码不对", en="Kafka refuses the login: name or password"
        )
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "TLS"
        return Stopped(
            "kafka_certificate_refused",
            zh=f"与 Kafka 的 TLS 握手失败：{reason}，请核对 KESU_KAFKA_CA_FILE 与证书",
            en=f"TLS with Kafka fails: {reason}; check KESU_KAFKA_CA_FILE and the certificates",
        )
    except (KafkaError, OSError, TimeoutError):
        return None
    conn.close()
    return None


@cache
def _context(ca_file: Path | None, cert_file: Path | None, key_file: Path | None) -> ssl.SSLContext:
    for file in filter(None, (ca_file, cert_file, key_file)):
        if not file.is_file():
            raise _unreadable(file)
    try:
        context = ssl.create_default_context(cafile=ca_file)
        if cert_file:
            context.load_cert_chain(cert_file, key_file)
    except (OSError, ssl.SSLError) as error:
        raise _unreadable(ca_file or cert_file or Path()) from error
    return context


def _unreadable(file: Path) -> Stopped:
    return Stopped("kafka_secret_unreadable", zh=f"读不出文件：{file}", en=f"the file cannot be read: {file}")
