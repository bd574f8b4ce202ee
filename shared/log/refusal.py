"""Why brokers do not let us in: to a wrong password or certificate, trying again is no answer."""

from collections.abc import Iterator
from typing import Any, Final

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from shared.errors import Stopped
from shared.log.access import Brokers
from shared.tls import handshake_reason

TRIAL_TIMEOUT_MS: Final = 5_000


async def refused(brokers: Brokers) -> Stopped | None:
    """Why the brokers do not let us in, where one is there and says so; None where none does.

    Asked after a failure to connect: the client library's error says only that it could not.
    """
    options = brokers.options() | {"request_timeout_ms": min(TRIAL_TIMEOUT_MS, brokers.request_timeout_ms)}
    for host, port, _ in collect_hosts(options.pop("bootstrap_servers"), randomize=False):
        if reason := await _refused_at(host, port, options):
            return reason
    return None


async def _refused_at(host: str, port: int, options: dict[str, Any]) -> Stopped | None:
    try:
        conn = await create_conn(host, port, **options)
    except (AuthenticationFailedError, SaslAuthenticationFailed):
        return Stopped(
            "kafka_login_refused", zh="Kafka 拒绝登录：用户名或密码不对", en="Kafka refuses the login: name or password"
        )
    except UnsupportedSaslMechanismError:
        mechanism = options["sasl_mechanism"]
        return Stopped(
            "kafka_mechanism_refused",
            zh=f"Kafka 不接受登录方式 {mechanism}，请核对 KESU_KAFKA_SASL_MECHANISM",
            en=f"Kafka does not take logins by {mechanism}; check KESU_KAFKA_SASL_MECHANISM",
        )
    except (KafkaError, OSError, TimeoutError) as error:
        return _tls_refusal(error)
    conn.close()
    return None


def _tls_refusal(error: BaseException) -> Stopped | None:
    """What TLS says in `error` or what led to it; None where it is something else."""
    reason = next(filter(None, map(handshake_reason, _led_to(error))), None)
    if reason is None:
        return None
    return Stopped(
        "kafka_certificate_refused",
        zh=f"与 Kafka 的 TLS 握手失败：{reason}，请核对 KESU_KAFKA_SECURITY_PROTOCOL、KESU_KAFKA_CA_FILE 与证书",
        en=f"TLS with Kafka fails: {reason}; "
        "check KESU_KAFKA_SECURITY_PROTOCOL, KESU_KAFKA_CA_FILE and the certificates",
    )


def _led_to(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
