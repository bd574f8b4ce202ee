"""The OpenAPI document of each service's HTTP doors, as the service itself would show it; nothing is connected."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kesu.contract.asyncapi import Document
from services.followup.app import create_app as followup
from services.followup.settings import FollowupSettings
from services.intake.app import create_app as intake
from services.intake.settings import IntakeSettings
from services.reporting.app import create_app as reporting
from services.reporting.settings import ReportingSettings
from services.routing.app import create_app as routing
from services.routing.settings import RoutingSettings
from shared.runtime.service import Service

NOWHERE: Final = "postgresql://nowhere.invalid/kesu"


def openapi() -> dict[str, Document]:
    """Service → its document."""
    with TemporaryDirectory() as folder:
        key = Path(folder) / "master.key"
        key.write_text("00" * 32)
        services: list[Service] = [
            intake(IntakeSettings(database_url=NOWHERE, master_key_file=key)),
            routing(RoutingSettings(database_url=NOWHERE, master_key_file=key)),
            followup(FollowupSettings(database_url=NOWHERE, master_key_file=key)),
            reporting(ReportingSettings(database_url=NOWHERE, master_key_file=key)),
        ]
    return {service.name: _document(service) for service in services}


def _document(service: Service) -> Document:
    assert service.http is not None, f"{service.name} has no HTTP door"
    return dict(service.http.openapi_schema.to_schema())
