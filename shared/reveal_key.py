"""The key whose holder may read what identifies a customer; where none is configured, nobody may."""

import hmac

from pydantic import SecretStr

from shared.problems import Problem


class RevealKey:
    """Asked before anything personal is shown in clear."""

    def __init__(self, key: SecretStr | None) -> None:
        self._expected = key.get_secret_value() if key else ""

    def permit(self, presented: str | None) -> None:
        """Raise Problem unless it is presented."""
        if not presented:
            raise Problem("api_key_missing")
        if not self._expected or not hmac.compare_digest(presented.encode(), self._expected.encode()):
            raise Problem("api_key_invalid")
