"""Puts reporting together: the only place that builds its real parts."""

from litestar.di import Provide
from litestar.exceptions import HTTPException

from services.reporting.answers import refused
from services.reporting.api import ROUTES
from services.reporting.disclosure import Disclosure
from services.reporting.handlers import ReportingHandler
from services.reporting.settings import ReportingSettings
from services.reporting.store import Store
from shared.clock import open_clock
from shared.problems import Problem
from shared.refusals import as_problem, failed
from shared.runtime.health import create_http
from shared.runtime.service import Service
from shared.saved import COMPLAINTS, CONTROL
from shared.vault import open_vault


def create_app(settings: ReportingSettings) -> Service:
    """The service; nothing is connected before it runs."""
    vault = open_vault(settings.master_key_file)
    service = Service(
        name="reporting", settings=settings, clock=open_clock(settings.clock_file), vault=vault,
        topics=[COMPLAINTS, CONTROL], handler=ReportingHandler(Store()),
    )  # fmt: skip
    disclosure = Disclosure(vault, settings.reveal_key)
    service.http = create_http(
        service, title="Kesu reporting", route_handlers=ROUTES,
        dependencies={
            "pool": Provide(lambda: service.pool, sync_to_thread=False),
            "disclosure": Provide(lambda: disclosure, sync_to_thread=False),
        },
        exception_handlers={Problem: as_problem, HTTPException: refused, Exception: failed},
    )  # fmt: skip
    return service
