"""Puts routing together: the only place that builds its real parts."""

from services.routing.api import routes
from services.routing.handlers import RoutingHandler
from services.routing.policy.pack import load_pack
from services.routing.settings import RoutingSettings
from shared.clock import open_clock
from shared.runtime.health import create_http
from shared.runtime.service import Service
from shared.saved import COMPLAINTS
from shared.vault import open_vault


def create_app(settings: RoutingSettings) -> Service:
    """The service; nothing is connected before it runs."""
    clock, vault = open_clock(settings.clock_file), open_vault(settings.master_key_file)
    pack = load_pack(settings.pack_dir)
    handler = RoutingHandler(pack=pack, vault=vault, clock=clock)
    service = Service(name="routing", settings=settings, clock=clock, vault=vault, topics=[COMPLAINTS], handler=handler)
    service.http = create_http(service, title="Kesu routing", route_handlers=routes(service, pack))
    return service
