"""Every query of dashboards and alerts, asked of a Prometheus that scrapes a running stack."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
import pytest_asyncio

from shared.telemetry.names import METRICS
from tests.integration.observability.prometheus import SCRAPE_S, program, prometheus
from tests.integration.observability.queries import of_alerts, of_dashboards

if TYPE_CHECKING:
    from deploy.embedded.stack import EmbeddedStack

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]
COMPLAINTS: Final = 20
SEEN_WITHIN_S: Final = 60
SERVICES: Final = ("intake", "routing", "followup", "reporting")
# No series while all is well: their names and labels are compared with the list of metrics instead.
QUIET: Final = frozenset(
    {
        "kesu_missing", "kesu_stopped", "kesu_put_offs_total", "kesu_log_gaps_total", "kesu_dead_letters_total",
        "kesu_promise_lapse_delay_seconds_bucket",
    }
)  # fmt: skip
OTHERS: Final = frozenset({"up"})  # Prometheus' own
LABELS: Final = frozenset({"job", "instance", "le"}) | {
    name.replace(".", "_") for one in METRICS for name in one.labels
}
TEXT: Final = "Broadband has been down for two days. Fix it or I go to the regulator."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scraped(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """Prometheus beside a stack in which some complaints came in and became promises while it looked."""
    from deploy.embedded.stack import EmbeddedStack

    program("prometheus")
    directory: Path = tmp_path_factory.mktemp("prometheus")
    async with EmbeddedStack(fsync=False) as stack:
        await stack.start_services()
        async with prometheus(directory, {name: stack.url(name) for name in SERVICES}) as client:
            await _seen(client, "count(up == 1) == 4")
            await _let_in(stack, "before")  # a counter's series has to be there before it can be seen to grow
            await _seen(client, 'sum(kesu_promises_total{kesu_state="opened"}) > 0')
            await _seen(client, 'messaging_process_duration_seconds_count{job="kesu-reporting"} > 0')
            await _let_in(stack, "after")
            await asyncio.sleep(5 * SCRAPE_S)
            yield client


async def _let_in(stack: "EmbeddedStack", what: str) -> None:
    async with httpx.AsyncClient(base_url=stack.url("intake"), timeout=30) as http:
        for n in range(COMPLAINTS):
            submission = {
                "source": "web-form", "source_id": f"{what}-{n}", "channel": "web", "text": TEXT,
                "customer": {"phone": f"138001380{n:02}"},
            }  # fmt: skip
            answer = await http.post("/v1/complaints", json=submission, headers={"Idempotency-Key": f'"{what}-{n}"'})
            assert answer.status_code == 202, answer.text


async def _ask(client: httpx.AsyncClient, expr: str) -> list[Any]:
    answer = await client.get("/query", params={"query": expr})
    assert answer.status_code == 200, f"{expr}: {answer.text}"
    found: list[Any] = answer.json()["data"]["result"]
    return found


async def _seen(client: httpx.AsyncClient, expr: str) -> None:
    until = time.monotonic() + SEEN_WITHIN_S
    while not await _ask(client, expr):
        assert time.monotonic() < until, f"never so: {expr}"
        await asyncio.sleep(SCRAPE_S / 2)


async def test_every_query_runs_and_asks_only_for_what_is_exported(scraped: httpx.AsyncClient) -> None:
    answer = await scraped.get("/label/__name__/values")
    exported = frozenset(answer.json()["data"]) | QUIET | OTHERS
    for query in (*of_dashboards(), *of_alerts()):
        await _ask(scraped, query.expr)
        assert query.metrics, query.where
        assert query.metrics <= exported, f"{query.where}: nobody exports {sorted(query.metrics - exported)}"
        assert query.labels <= LABELS, f"{query.where}: no metric has {sorted(query.labels - LABELS)}"


async def test_every_panel_shows_something(scraped: httpx.AsyncClient) -> None:
    empty = [query for query in of_dashboards() if not query.metrics & QUIET and not await _ask(scraped, query.expr)]
    assert [] == empty


async def test_no_alert_fires_while_all_is_well(scraped: httpx.AsyncClient) -> None:
    answer = await scraped.get("/rules")
    rules = [rule for group in answer.json()["data"]["groups"] for rule in group["rules"]]
    assert len(list(of_alerts())) == len(rules)
    assert [] == [rule for rule in rules if rule["health"] != "ok" or rule["state"] != "inactive"]


def _series() -> frozenset[str]:
    """All names that the list of metrics stands for."""
    parts = ("_bucket", "_sum", "_count")
    return frozenset(one.prometheus + part for one in METRICS for part in (parts if one.kind == "histogram" else ("",)))


@pytest.mark.asyncio(loop_scope="function")
async def test_what_is_quiet_is_on_the_list_of_metrics() -> None:
    assert _series() >= QUIET
