"""Who decides what is recorded: whoever began the trace; where nobody did, the ratio; and never more than the limit."""

from shared.telemetry.context import current, is_sampled
from tests.component.telemetry.collector import collecting
from tests.component.telemetry.test_broken_collector import ONE, closed, recording


async def test_the_ratio_counts_only_where_nobody_has_decided() -> None:
    with collecting() as collector:
        never, always = recording(collector.endpoint, ratio=0.0), recording(collector.endpoint, ratio=1.0)
        for telemetry, headers in (
            (never, []), (never, [(b"traceparent", ONE.encode())]),
            (always, [(b"traceparent", ONE[:-1].encode() + b"0")]), (always, []),
        ):  # fmt: skip
            with telemetry.tracing.request("GET", headers):
                pass
        for telemetry in (never, always):
            await closed(telemetry)

    spans = collector.spans()
    assert 2 == len(spans)
    assert {ONE.split("-")[2], ""} == {span.parent for span in spans}


async def test_beyond_the_limit_a_sampled_request_goes_on_unsampled() -> None:
    """A channel that samples everything: its traces go on, and nothing after it records them."""
    with collecting() as collector:
        telemetry = recording(collector.endpoint, ratio=1.0, per_s_max=0)
        for headers, expected in (([(b"traceparent", ONE.encode())], f"{ONE[:-2]}00"), ([], "")):
            with telemetry.tracing.request("GET", headers):
                assert expected == current.get()
                assert not is_sampled(current.get())
        await closed(telemetry)

    assert [] == collector.spans()


async def test_records_of_channels_have_the_same_limit() -> None:
    with collecting() as collector:
        telemetry = recording(collector.endpoint, ratio=0.0, per_s_max=0)
        context_of = telemetry.tracing.context_of(foreign=True)
        await closed(telemetry)

    assert f"{ONE[:-2]}00" == context_of((("traceparent", ONE.encode()),))
    assert "" == context_of(())
