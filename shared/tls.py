"""Telling a TLS handshake that cannot succeed from a connection that was merely cut."""

import ssl
from typing import Final

_CUT: Final = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)  # a server that was killed: try again


def handshake_reason(error: BaseException) -> str | None:
    """What TLS says was wrong with certificates or protocol; None where the error is another."""
    if not isinstance(error, ssl.SSLError) or isinstance(error, _CUT):
        return None
    return getattr(error, "verify_message", "") or getattr(error, "reason", "") or "TLS"
