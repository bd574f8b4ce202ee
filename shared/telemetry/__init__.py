"""What operators see of Kesu: JSON logs, metrics and traces, none of them with personal data."""

from shared.telemetry.logs import configure_logging, told

__all__ = ["configure_logging", "told"]
