"""What goes wrong is told in figures: put off, missing, withheld, dead, lapsed, and at last why the service stopped."""

from collections.abc import Callable

from shared.errors import NotNow, Stopped
from shared.log.partitions import partition_of
from shared.runtime.service import Service
from shared.saved import COMPLAINTS
from shared.telemetry import names
from shared.telemetry.names import Metric
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Between
from tests.component.pipeline.echo import EchoHandler, create
from tests.component.telemetry.exposed import TROUBLE, exposed, value


def text(service: Service) -> str:
    """What a scraper would get."""
    found = service.telemetry.metrics.exposed("")
    assert found is not None
    return found[0].decode()


def told(service: Service, metric: Metric, **labels: str) -> Callable[[], float]:
    """The value of `metric` now."""
    return lambda: value(text(service), metric, **labels)


async def test_each_kind_of_trouble_has_its_figure(between: Between) -> None:
    await stand.make_schema(between.url, "echo")
    handler = EchoHandler("echo")
    service = create(
        "echo", stand.settings(between.bootstrap, between.url, gap_tries_max=2), timers=True, handler=handler
    )
    hole = len([event for event in stand.complaints(20) if partition_of(event.key, 2) == 0])
    between.proxy.withhold = lambda topic, partition, base: (topic, partition, base) == (COMPLAINTS, 0, hole)

    async with stand.writing(between.bootstrap) as producer, stand.running(service):
        handler.failure = NotNow("said the test")
        for first in range(0, 60, 20):
            await producer.publish(stand.complaints(20, first=first))
        await stand.until(told(service, names.PUT_OFF, kesu_part="log", error_type="NotNow"), "it is put off")
        waiting = text(service)
        handler.failure = None
        await stand.until(told(service, names.LAPSE_DELAY), "a promise is broken")
        await stand.until(told(service, names.DEAD_LETTERS, kesu_code="hole_in_the_log"), "the hole is recorded")
        gone = text(service)
        handler.failure = Stopped("said_the_test", zh="测试", en="test")
        await producer.publish(stand.complaints(20, first=60))
        await stand.until(told(service, names.STOPPED, kesu_code="said_the_test"), "it says why it stops")
    stopped = text(service)

    assert (0, 1) == (value(waiting, names.READY), value(waiting, names.MISSING))
    assert 0 < value(waiting, names.OLDEST)
    assert 1 <= value(gone, names.GAPS)
    assert 1 <= value(gone, names.PROMISES, kesu_state="broken", kesu_kind="progress")
    assert 0 == value(stopped, names.READY)
    assert TROUBLE <= exposed(waiting).keys() | exposed(gone).keys() | exposed(stopped).keys()
