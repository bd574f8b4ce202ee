"""Puts intake together: the only place that builds its real parts."""

from datetime import timedelta

from services.intake.acceptance import Acceptance
from services.intake.group_commit import GroupCommit
from services.intake.handlers import TOPIC, SubmissionsHandler, SubmissionsReading
from services.intake.key_table import key_table
from services.intake.rules.drafting import Drafting
from services.intake.settings import IntakeSettings
from services.intake.sweep import Sweep
from shared.clock import open_clock
from shared.runtime.health import create_http
from shared.runtime.service import Service
from shared.vault import Vault, open_vault


def create_app(settings: IntakeSettings) -> Service:
    """The service; nothing is connected before it runs."""
    clock, vault = open_clock(settings.clock_file), open_vault(settings.master_key_file)
    drafting = create_drafting(vault, settings)
    acceptance = Acceptance(vault=vault, drafting=drafting)
    service = Service(
        name="intake",
        settings=settings,
        clock=clock,
        vault=vault,
        topics=[TOPIC],
        handler=SubmissionsHandler(acceptance=acceptance, clock=clock),
        reading=SubmissionsReading(drafting=drafting, clock=clock),
    )
    group = GroupCommit(
        pool=lambda: service.pool,
        publish=lambda events: service.producer.publish(events),
        acceptance=acceptance,
        clock=clock,
        gather_s=settings.gather_ms_max / 1_000,
        drafts_max=settings.gather_drafts_max,
        requests_max=settings.queue_requests_max,
        publish_timeout_s=settings.publish_timeout_s,
        retry_after_s=settings.retry_after_s,
    )
    sweep = Sweep(
        pool=lambda: service.pool,
        publish=lambda events: service.producer.publish(events),
        acceptance=acceptance,
        vault=vault,
        clock=clock,
        every_s=settings.sweep_s,
        remember_answers=timedelta(days=settings.idempotency_days),
    )
    service.when_open(group.start)
    service.every_tick(sweep.tick)
    service.next_due_from(sweep.next_due)
    service.busy_while(lambda: group.is_busy)
    service.http = create_http(service, title="Kesu intake", route_handlers=[])
    return service


def create_drafting(vault: Vault, settings: IntakeSettings) -> Drafting:
    """The rules of drafting, with the secrets they need."""
    return Drafting(
        identify=lambda tenant, identity: vault.customer_id(tenant=tenant, identity=identity),
        fingerprint_key=vault.seal_blob("kesu intake: key of fingerprints", bytes(32)),
        table=key_table(),
        time_zone=settings.centre_time_zone,
    )
