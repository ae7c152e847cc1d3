"""A deployment played by its gateway alone, as `uem demo --against` does, and the traces it leaves."""

import threading
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.settings import Deployment
from containers.standins.collector import Collector
from tests.e2e import rehearsal
from uem.demo import against
from uem.demo.against import Distant, Played
from uem.problem import Problem
from uem.stack import process
from uem.stack.stack import Stack

pytestmark = pytest.mark.timeout(300)

Span = dict[str, Any]
ALONG = {"gateway", "org", "analytics"}
MINUTES = 249  # ten beyond the first red signal: its orders, tasks and dispatches


@pytest.fixture(scope="module")
async def traced(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Stack, Collector]]:
    """A rehearsal whose programs send their traces to a collector."""
    collector = Collector("127.0.0.1", 0)
    thread = threading.Thread(target=collector.serve_forever)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UEM_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        folder = tmp_path_factory.mktemp("against")
        async with Stack(folder, deployment=Deployment.REHEARSAL) as stack:
            yield stack, collector
    collector.shutdown()
    thread.join()
    collector.server_close()


@pytest.fixture(scope="module")
async def played(traced: tuple[Stack, Collector]) -> Played:
    stack, _ = traced
    distant = Distant.at(stack.addresses["gateway"], stack.home.secrets)
    until = rehearsal.SCENARIO.starts + timedelta(minutes=MINUTES)
    return await against.play(rehearsal.SCENARIO, distant, until=until, tell=lambda *_: None)


def test_a_play_by_the_gateway_alone_loses_and_doubles_nothing(played: Played):
    told = played.figures()

    assert told["events"]["published"] > 100
    assert (told["events"]["lost"], told["events"]["duplicate_effects"]) == (0, 0)
    assert told["obligations"]["answered_in_time"] > 0
    assert told["scenario_minutes"] == MINUTES


def test_one_trace_leads_from_a_question_of_graphql_to_the_last_effect(
    traced: tuple[Stack, Collector], played: Played
):
    _, collector = traced

    def whole() -> list[Span]:
        found = by_trace(collector)
        begun = (one for one in found.values() if begins_at_the_gateway(one))
        return max(begun, key=lambda one: (stages(one), services(one) >= ALONG))

    def arrived() -> bool:
        return stages(one := whole()) == 6 and services(one) >= ALONG

    assert process.wait_until(arrived, 30), names(whole())
    spans = whole()
    by_id = {span["span"]: span for span in spans}
    assert sum(span["parent"] is None for span in spans) == 1
    assert all(span["parent"] in by_id for span in spans if span["parent"] is not None)
    handlers = [span for span in spans if ".on_" in span["name"]]
    assert all(span["links"] for span in handlers)


def test_what_is_logged_together_is_linked_to_the_traces_that_it_tells_of(
    traced: tuple[Stack, Collector], played: Played
):
    _, collector = traced
    found = by_trace(collector)
    logs = [span for spans in found.values() for span in spans if span["name"] == "analytics.hear"]

    assert logs
    assert all(span["links"] for span in logs)


async def test_a_deployment_that_was_played_before_is_refused(
    traced: tuple[Stack, Collector], played: Played
):
    stack, _ = traced
    distant = Distant.at(stack.addresses["gateway"], stack.home.secrets)

    with pytest.raises(Problem, match="clock-goes-back"):
        await against.play(rehearsal.SCENARIO, distant, until=None, tell=lambda *_: None)


def test_without_the_key_of_the_issuer_nothing_is_tried(tmp_path: Path):
    with pytest.raises(Problem, match=r"no issuer\.pem"):
        Distant.at("http://127.0.0.1:1", tmp_path)


def by_trace(collector: Collector) -> dict[str, list[Span]]:
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for span in list(collector.spans):
        found[str(span["trace"])].append(span)
    return found


def begins_at_the_gateway(spans: list[Span]) -> bool:
    return any(span["parent"] is None and span["service"] == "gateway" for span in spans)


def stages(spans: list[Span]) -> int:
    """How many of the six stations a trace passed, the consumer's own words said again included."""
    told = names(spans)
    return sum(
        (
            any(name == "graphql mutation" for name in told),
            any(name.startswith("POST /v1/") for name in told),
            any(name.endswith(".relay") for name in told),
            any(".on_" in name for name in told),
            sum(name.endswith(".relay") for name in told) > 1,
            len(services(spans)) >= 3,
        )
    )


def services(spans: list[Span]) -> set[str]:
    return {span["service"] for span in spans}


def names(spans: list[Span]) -> list[str]:
    return [str(span["name"]) for span in spans]
