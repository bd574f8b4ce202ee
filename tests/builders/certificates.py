"""Certificates for one test: an authority, and a server on the loopback interface that it vouches for."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import Struct


class Vouched(Struct, frozen=True):
    """PEM files: the authority's certificate, the server's chain and key, and both in one file as Kafka wants them."""

    ca: Path
    chain: Path
    key: Path
    keystore: Path


def vouched(directory: Path) -> Vouched:
    """A fresh authority and a server's certificate for 127.0.0.1 and localhost, valid for a day."""
    directory.mkdir(parents=True, exist_ok=True)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _name("Kesu test authority")
    ca = _signed(authority, authority, ca_key, ca_key, ca=True)
    server = _signed(_name("kesu-test-server"), authority, key, ca_key, ca=False)
    files = {
        "ca.pem": _pem(ca), "chain.pem": _pem(server) + _pem(ca), "key.pem": _key(key),
        "keystore.pem": _key(key) + _pem(server) + _pem(ca),
    }  # fmt: skip
    for name, content in files.items():
        (directory / name).write_bytes(content)
        (directory / name).chmod(0o644)  # the servers run as other users; all of it is thrown away
    return Vouched(*(directory / name for name in files))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _signed(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, *, ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost")])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .sign(by, hashes.SHA256())
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
