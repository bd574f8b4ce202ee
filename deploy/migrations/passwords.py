"""Passwords of roles as PostgreSQL keeps them, so that no statement, log or list of statements ever shows one."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from typing import Final

ITERATIONS: Final = 4096  # PostgreSQL's own
SALT_BYTES: Final = 16


def scram_verifier(password: str, *, salt: bytes | None = None) -> str:
    """What the server would store of `password` (RFC 5802, with SHA-256); with a fresh salt unless one is given."""
    salt = salt or secrets.token_bytes(SALT_BYTES)
    prepared = unicodedata.normalize("NFKC", password).encode()
    salted = hashlib.pbkdf2_hmac("sha256", prepared, salt, ITERATIONS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = hashlib.sha256(client).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
