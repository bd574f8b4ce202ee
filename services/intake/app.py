"""Puts intake together: the only place that builds its real parts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from litestar.handlers import HTTPRouteHandler

from services.intake.acceptance import Acceptance
from services.intake.api.doors import Doors
from services.intake.api.errors import EXCEPTION_HANDLERS
from services.intake.api.events import event_route
from services.intake.api.standing import Reporting, standing_routes
from services.intake.api.submissions import submission_routes
from services.intake.group_commit import GroupCommit
from services.intake.handlers import TOPIC, SubmissionsHandler, SubmissionsReading
from services.intake.key_journal import TOPIC as KEYS
from services.intake.key_journal import KeyJournal
from services.intake.key_table import key_table
from services.intake.keys import check_listening, load_keys
from services.intake.reporting_client import ReportingClient
from services.intake.rules.drafting import Drafting
from services.intake.rules.rates import Rate
from services.intake.settings import IntakeSettings
from services.intake.sweep import Sweep
from services.intake.watermarking import Promised, Watermarking
from shared.clock import Clock, open_clock
from shared.database import Pool
from shared.log.watermarks import follow, told_so_far
from shared.pipeline.records import Outgoing
from shared.runtime.health import create_http
from shared.runtime.service import Service
from shared.saved import COMPLAINTS, CONTROL, Publish
from shared.vault import Vault, open_vault


def create_app(settings: IntakeSettings) -> Service:
    """The service; nothing is connected before it runs."""
    clock, vault = open_clock(settings.clock_file), open_vault(settings.master_key_file)
    drafting = create_drafting(vault, settings)
    acceptance = Acceptance(vault=vault, drafting=drafting)

    promised = Promised()

    def not_before(partition: int) -> datetime | None:
        """A virtual clock jumps between a record and its reading: there the record's own time counts alone."""
        return None if settings.clock_file else promised.through(partition)

    service = Service(
        name="intake",
        settings=settings,
        clock=clock,
        vault=vault,
        topics=[TOPIC],
        elsewhere=[COMPLAINTS, CONTROL, KEYS],
        handler=SubmissionsHandler(acceptance=acceptance, clock=clock),
        reading=SubmissionsReading(drafting=drafting, clock=clock, not_before=not_before),
    )

    async def publish(events: Sequence[Outgoing]) -> None:
        await service.producer.publish(events)  # there is a producer once the service runs

    group = create_group(settings, pool=lambda: service.pool, publish=publish, acceptance=acceptance, clock=clock)
    journal = KeyJournal(settings=settings, pool=lambda: service.pool, clock=clock)

    async def bring_keys_up_to_date() -> None:
        await journal.take_in()
        await publish(await journal.of_pending())

    sweep = Sweep(
        pool=lambda: service.pool,
        publish=publish,
        keys_of_pending=journal.of_pending,
        acceptance=acceptance,
        vault=vault,
        clock=clock,
        every_s=settings.sweep_s,
        remember_answers=timedelta(days=settings.idempotency_days),
    )
    service.when_open(bring_keys_up_to_date)
    service.when_open(lambda: told_so_far(settings.brokers, promised.note))
    service.when_open(group.start)
    service.alongside(lambda: follow(settings.brokers, promised.note, wait_ms=settings.fetch_wait_ms_max))
    service.every_tick(sweep.tick)
    service.every_tick(Watermarking(service=service, group=group, every_s=settings.watermark_s).tick)
    service.next_due_from(sweep.next_due)
    service.busy_while(lambda: group.is_busy)
    doors = create_doors(settings, drafting=drafting, group=group, clock=clock)
    reporting = ReportingClient(settings.reporting_url, timeout_s=settings.reporting_timeout_s)
    service.http = create_http(
        service,
        title="Kesu intake",
        route_handlers=routes(doors, lambda: service.pool, reporting),
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=settings.body_bytes_max,
        on_shutdown=[group.stop, reporting.close],
    )
    return service


def create_group(
    settings: IntakeSettings, *, pool: Callable[[], Pool], publish: Publish, acceptance: Acceptance, clock: Clock
) -> GroupCommit:
    """The HTTP door's way in, within the limits of the settings."""
    return GroupCommit(
        pool=pool,
        publish=publish,
        acceptance=acceptance,
        clock=clock,
        gather_s=settings.gather_ms_max / 1_000,
        drafts_max=settings.gather_drafts_max,
        requests_max=settings.queue_requests_max,
        publish_timeout_s=settings.publish_timeout_s,
        retry_after_s=settings.retry_after_s,
    )


def create_doors(settings: IntakeSettings, *, drafting: Drafting, group: GroupCommit, clock: Clock) -> Doors:
    """The HTTP door; raises Stopped where other machines could reach it without a key."""
    keys = load_keys(settings.api_keys_file) if settings.api_keys_file else None
    check_listening(settings.http_host, keys)
    return Doors(
        drafting=drafting,
        group=group,
        clock=clock,
        keys=keys,
        rate=Rate(settings.requests_per_s_max, settings.requests_burst_max),
        require_idempotency_key=settings.require_idempotency_key,
        batch_events_max=settings.batch_events_max,
    )


def routes(doors: Doors, pool: Callable[[], Pool], reporting: Reporting) -> list[HTTPRouteHandler]:
    """All of intake's routes."""
    table = key_table()
    return [
        *submission_routes(doors, table),
        event_route(doors, table),
        *standing_routes(doors, table, pool, reporting),
    ]


def create_drafting(vault: Vault, settings: IntakeSettings) -> Drafting:
    """The rules of drafting, with the secrets they need."""
    return Drafting(
        identify=lambda tenant, identity: vault.customer_id(tenant=tenant, identity=identity),
        fingerprint_key=vault.seal_blob("kesu intake: key of fingerprints", bytes(32)),
        table=key_table(),
        time_zone=settings.centre_time_zone,
    )
