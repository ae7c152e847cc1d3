"""Metrics, traces and logs: named events with ids, no values in labels, context across borders."""

import io
import json
import logging as stdlib
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.trace import StatusCode

from chassis import logging, telemetry
from chassis.clock import Clock
from chassis.prometheus import PrometheusReader
from tests.chassis.toy.app import create_app

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}


@pytest.fixture(autouse=True)
def _configured():
    telemetry.configure("tests", None)


@pytest.fixture
def meter():
    reader = PrometheusReader()
    provider = MeterProvider(metric_readers=[reader])
    yield provider.get_meter("test"), reader
    provider.shutdown()


def test_a_counter_is_told_with_its_labels(meter):
    made, reader = meter
    counter = made.create_counter("jars_total", description="Jars opened.")
    counter.add(2, {"colour": "GREEN"})
    counter.add(1)

    text = reader.text().decode()

    assert "# HELP jars_total Jars opened." in text
    assert 'jars_total{colour="GREEN"} 2.0' in text
    assert 'jars_total{colour=""} 1.0' in text


def test_a_histogram_is_told_in_cumulated_buckets(meter):
    made, reader = meter
    histogram = made.create_histogram("wait_seconds", explicit_bucket_boundaries_advisory=[0.1, 1])
    for seconds in (0.05, 0.5, 5.0):
        histogram.record(seconds, {"route": "/v1/jars"})

    text = reader.text().decode()

    assert 'wait_seconds_bucket{le="0.1",route="/v1/jars"} 1.0' in text
    assert 'wait_seconds_bucket{le="1",route="/v1/jars"} 2.0' in text
    assert 'wait_seconds_bucket{le="+Inf",route="/v1/jars"} 3.0' in text
    assert 'wait_seconds_sum{route="/v1/jars"} 5.55' in text


def test_a_gauge_says_what_is_so_now(meter):
    made, reader = meter
    value = 1.0

    def observe(_: object):
        from opentelemetry.metrics import Observation

        yield Observation(value)

    made.create_observable_gauge("lag", callbacks=[observe])
    assert "lag 1.0" in reader.text().decode()

    value = 7.0
    assert "lag 7.0" in reader.text().decode()


def test_nothing_measured_is_an_empty_page():
    assert PrometheusReader().text() == b""


async def test_requests_are_measured_by_template_never_by_value(harness):
    toy = await harness(create_app())
    async with toy.client(roles=["keeper"]) as keeper:
        await keeper.post("/v1/jars/jar_4711/marbles", json={"count": 1})
        text = (await keeper.get("/metrics")).text

    assert 'route="/v1/jars/{jar_id}/marbles",status="404"' in text
    assert 'refusals_total{slug="jar-not-found"}' in text
    assert "jar_4711" not in text


def test_a_trace_is_continued_and_passed_on():
    headers: dict[str, str] = {}

    with telemetry.span("work", parent=telemetry.extract(PARENT)):
        assert telemetry.trace_id() == TRACE
        telemetry.inject(headers)

    assert headers["traceparent"].split("-")[1] == TRACE
    assert telemetry.trace_id() is None


def test_a_caused_span_begins_a_trace_of_its_own_that_is_linked():
    with (
        telemetry.span("outer"),
        telemetry.span("handle", causes=[telemetry.extract(PARENT)]) as span,
    ):
        assert telemetry.trace_id() != TRACE
        assert isinstance(span, ReadableSpan)
        (link,) = span.links
        assert f"{link.context.trace_id:032x}" == TRACE
        assert span.parent is None


def test_a_failed_span_says_only_the_kind_of_failure():
    with pytest.raises(ValueError, match="secret"), telemetry.span("work") as span:
        raise ValueError("a secret")

    assert isinstance(span, ReadableSpan)
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == "ValueError"
    assert span.events == ()


def test_headers_without_context_give_none():
    with telemetry.span("work", parent=telemetry.extract({"traceparent": "nonsense"})) as span:
        assert isinstance(span, ReadableSpan)
        assert span.parent is None


def test_spans_go_to_the_collector_that_is_configured(monkeypatch):
    received = threading.Event()
    paths: list[str] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            received.set()

        def log_message(self, *_: object) -> None:
            """Nothing is written to the console."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        tracers, meters = telemetry.providers("toy", f"http://127.0.0.1:{server.server_port}/")
        tracers.get_tracer("test").start_span("work").end()
        assert tracers.force_flush(5000)
        assert received.wait(10)
        tracers.shutdown()
        meters.shutdown()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "/v1/traces" in paths


@pytest.fixture
def lines():
    stream = io.StringIO()
    handler = stdlib.StreamHandler(stream)
    handler.setFormatter(logging.JsonFormatter("toy", Clock()))
    logger = stdlib.getLogger("tests.lines")
    logger.addHandler(handler)
    logger.setLevel(stdlib.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_a_log_line_is_an_event_with_its_ids(lines):
    with telemetry.span("work", parent=telemetry.extract(PARENT)):
        logging.get("tests.lines").info("jar_opened", jar="jar_1", took=0.5, seen=Clock().wall())

    (line,) = lines()
    assert (line["event"], line["service"], line["level"]) == ("jar_opened", "toy", "info")
    assert (line["jar"], line["traceId"]) == ("jar_1", TRACE)
    assert line["time"].endswith("Z")


def test_a_log_line_stays_one_line(lines):
    logging.get("tests.lines").warning("heard", text="two\nlines\r\n\x1b[31m", odd={1, 2}.__class__)

    assert len(lines()) == 1
    assert lines()[0]["text"] == "two\nlines\r\n\x1b[31m"


def test_a_bug_is_logged_with_its_traceback(lines):
    try:
        raise ValueError("boom")
    except ValueError as error:
        logging.get("tests.lines").error("failed", error=error)
    logging.get("tests.lines").debug("fine")

    failed, fine = lines()
    assert "ValueError: boom" in failed["traceback"]
    assert "traceback" not in fine


def test_other_peoples_records_become_lines_too(lines):
    stdlib.getLogger("tests.lines").warning("%s of %s", 1, 2)

    assert lines()[0]["event"] == "1 of 2"


def test_the_process_is_configured_once():
    from opentelemetry import trace

    before = trace.get_tracer_provider()

    telemetry.configure("again", None)

    assert isinstance(before, TracerProvider)
    assert trace.get_tracer_provider() is before


def test_a_configured_process_writes_one_line_of_json_per_record(capsys, monkeypatch):
    root = stdlib.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    uvicorn = stdlib.getLogger("uvicorn")
    monkeypatch.setattr(uvicorn, "handlers", [stdlib.StreamHandler(io.StringIO())])

    logging.configure("toy", Clock())
    logging.get("tests.configured").info("started", port=1)
    uvicorn.warning("from the server")
    stdlib.getLogger("uvicorn.access").info("not twice")

    written = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in written] == ["started", "from the server"]


def test_a_gauge_of_ours_is_on_the_page():
    telemetry.gauge("test_answer", "What is so.", lambda: 42.0)

    assert b"test_answer 42.0" in telemetry.prometheus_text()
    telemetry.flush()
