"""Puts routing together: the only place that builds its real parts."""

from services.routing.api import routes
from services.routing.handlers import RoutingHandler
from services.routing.policy.pack import load_pack
from services.routing.settings import RoutingSettings
from services.routing.shelf import Shelf
from shared.clock import open_clock
from shared.runtime.health import create_http
from shared.runtime.service import Service
from shared.saved import COMPLAINTS, CONTROL
from shared.vault import open_vault


def create_app(settings: RoutingSettings) -> Service:
    """The service; nothing is connected before it runs."""
    clock, vault = open_clock(settings.clock_file), open_vault(settings.master_key_file)
    pack = load_pack(settings.pack_dir)
    shelf = Shelf(pack)
    handler = RoutingHandler(shelf=shelf, vault=vault, clock=clock)
    service = Service(
        name="routing", settings=settings, clock=clock, vault=vault, topics=[COMPLAINTS, CONTROL], handler=handler
    )

    async def keep_first() -> None:
        async with service.pool.acquire() as conn:
            await shelf.keep_first(conn)

    service.when_open(keep_first)
    service.http = create_http(
        service, title="Kesu routing", route_handlers=routes(service, shelf, reveal_key=settings.reveal_key)
    )
    return service
