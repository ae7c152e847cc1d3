"""Traces and metrics: OTLP when configured, Prometheus text always, W3C context across borders."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager

from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from chassis.prometheus import PrometheusReader

_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("chassis")
_METER = metrics.get_meter("chassis")
_READER = PrometheusReader()

# seconds; 0.2 and 0.3 are what reads and writes promise (docs/slo.md), a human notices 1
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)

_requests = _METER.create_histogram(
    "http_request_duration_seconds", unit="s", explicit_bucket_boundaries_advisory=BUCKETS
)
_refusals = _METER.create_counter("refusals_total")


def configure(service: str, otlp_endpoint: str | None) -> None:
    """Collect the traces and metrics of this process, and send them to the endpoint when given.

    The first call of a process decides; later ones change nothing.
    """
    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return
    tracers, meters = providers(service, otlp_endpoint, _READER)
    trace.set_tracer_provider(tracers)
    metrics.set_meter_provider(meters)


def providers(
    service: str, otlp_endpoint: str | None, *readers: MetricReader
) -> tuple[TracerProvider, MeterProvider]:
    """Return the providers that collect for `readers` and send to the endpoint when given."""
    resource = Resource.create({"service.name": service})
    tracers = TracerProvider(resource=resource)
    sending = []
    if otlp_endpoint is not None:
        base = otlp_endpoint.rstrip("/")
        spans = OTLPSpanExporter(endpoint=f"{base}/v1/traces")
        tracers.add_span_processor(BatchSpanProcessor(spans))
        exporter = OTLPMetricExporter(endpoint=f"{base}/v1/metrics")
        sending.append(PeriodicExportingMetricReader(exporter))
    return tracers, MeterProvider(resource=resource, metric_readers=[*readers, *sending])


def flush() -> None:
    """Send what is still held back; called when the process ends."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.force_flush(timeout_millis=3000)


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Context | None = None,
    causes: Sequence[Context] = (),
    **attributes: str | int | float | bool,
) -> Iterator[Span]:
    """Time what happens inside as `name`; an exception marks it failed.

    `parent` continues a trace that arrived with a request. `causes` are linked, and without a
    parent the span begins a trace of its own (an event may be handled days later).
    """
    links = [Link(context) for context in map(_context_of, causes) if context.is_valid]
    context = Context() if causes and parent is None else parent
    with _TRACER.start_as_current_span(
        name,
        context=context,
        kind=kind,
        links=links,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def trace_id() -> str | None:
    """Return the current trace's id in hex, or null outside one."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def inject(headers: MutableMapping[str, str]) -> None:
    """Add the current trace context (`traceparent`, `tracestate`) to outgoing headers."""
    _PROPAGATOR.inject(headers)


def extract(headers: Mapping[str, str]) -> Context:
    """Return the trace context that incoming headers carry; an empty one when they carry none."""
    return _PROPAGATOR.extract(headers, context=Context())


def counter(name: str, description: str) -> metrics.Counter:
    """Return a counter; names end in `_total`."""
    return _METER.create_counter(name, description=description)


def histogram(name: str, description: str) -> metrics.Histogram:
    """Return a histogram of seconds."""
    return _METER.create_histogram(
        name, unit="s", description=description, explicit_bucket_boundaries_advisory=BUCKETS
    )


@contextmanager
def timed(into: metrics.Histogram, **labels: str) -> Iterator[None]:
    """Record how long the inside took, with `outcome` done or failed beside the labels."""
    began, outcome = time.monotonic(), "failed"
    try:
        yield
        outcome = "done"
    finally:
        into.record(time.monotonic() - began, {**labels, "outcome": outcome})


def gauge(name: str, description: str, read: Callable[[], float]) -> None:
    """Have `read` say the gauge's value at every collection."""

    def observe(_: CallbackOptions) -> Iterable[Observation]:
        yield Observation(read())

    _METER.create_observable_gauge(name, callbacks=[observe], description=description)


def _context_of(context: Context) -> SpanContext:
    return trace.get_current_span(context).get_span_context()


def count_refusal(slug: str) -> None:
    """Count an expected refusal."""
    _refusals.add(1, {"slug": slug})


def time_request(seconds: float, *, method: str, route: str, status: int) -> None:
    """Record how long a request took, by the route's template and never its values."""
    _requests.record(seconds, {"method": method, "route": route, "status": status})


def prometheus_text() -> bytes:
    """Return all metrics of this process in Prometheus' text format."""
    return _READER.text()
