"""Puts follow-up together: the only place that builds its real parts."""

from services.followup.api import routes
from services.followup.calendar.tables import load_calendars
from services.followup.deciding import Deciding
from services.followup.due_times import DueTimes
from services.followup.handlers import FollowupHandler
from services.followup.settings import FollowupSettings
from services.followup.store import SCHEMA
from services.followup.timers import Timers
from services.followup.watch import Watch
from shared.clock import open_clock
from shared.log.watermarks import TakenIn, follow
from shared.runtime.health import create_http
from shared.runtime.service import Service
from shared.saved import COMPLAINTS
from shared.telemetry import names
from shared.vault import open_vault


def create_app(settings: FollowupSettings) -> Service:
    """The service; nothing is connected before it runs."""
    clock, vault = open_clock(settings.clock_file), open_vault(settings.master_key_file)
    deciding = Deciding(calendars=load_calendars(), due_times=DueTimes())
    handler = FollowupHandler(deciding=deciding, clock=clock)
    timers = Timers(deciding=deciding, partitions=settings.partitions, batch_max=settings.timers_batch_max)
    service = Service(name=SCHEMA, settings=settings, clock=clock, vault=vault, topics=[COMPLAINTS], handler=handler)
    taken_in = TakenIn(settings.partitions)
    watch = Watch(service=service, timers=timers, taken_in=taken_in)
    service.alongside(lambda: follow(settings.brokers, taken_in.note, wait_ms=settings.fetch_wait_ms_max))
    service.every_tick(watch.tick)
    service.next_due_from(watch.next_due)
    service.observed(names.JUDGED, watch.judged_through_ages)
    api = routes(service=service, calendars=deciding.calendars, partitions=settings.partitions)
    service.http = create_http(service, title="Kesu follow-up", route_handlers=api)
    return service
