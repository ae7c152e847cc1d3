"""The metrics of the process as Prometheus text, read from OpenTelemetry at every scrape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from opentelemetry.sdk.metrics.export import (
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricReader,
    MetricsData,
    NumberDataPoint,
    Sum,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.core import Metric as Family
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry


class PrometheusReader(MetricReader):
    """Collects when it is read; nothing runs in between."""

    def __init__(self) -> None:
        super().__init__()
        self._data: MetricsData | None = None

    def text(self) -> bytes:
        """Return what every instrument says at this moment."""
        self._data = None
        self.collect()
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Families(self._data))
        return generate_latest(registry)

    def _receive_metrics(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: object
    ) -> None:
        self._data = metrics_data

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: object) -> None:
        """Nothing is held open."""


class _Families(Collector):
    def __init__(self, data: MetricsData | None) -> None:
        self._data = data

    def collect(self) -> Iterable[Family]:
        """Yield one family per instrument."""
        for resource in self._data.resource_metrics if self._data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    yield from _families(metric)


def _families(metric: Metric) -> Iterable[Family]:
    if isinstance(metric.data, Histogram):
        yield _histogram(metric, list(metric.data.data_points))
    elif isinstance(metric.data, (Sum, Gauge)):
        counts = isinstance(metric.data, Sum) and metric.data.is_monotonic
        yield _numbers(
            metric, metric.data.data_points, CounterMetricFamily if counts else GaugeMetricFamily
        )


def _numbers(
    metric: Metric,
    points: Iterable[NumberDataPoint],
    kind: type[CounterMetricFamily | GaugeMetricFamily],
) -> Family:
    points = list(points)
    names = _label_names(points)
    family = kind(metric.name, metric.description or metric.name, labels=names)
    for point in points:
        family.add_metric(_label_values(point, names), point.value)
    return family


def _histogram(metric: Metric, points: Sequence[HistogramDataPoint]) -> Family:
    names = _label_names(points)
    family = HistogramMetricFamily(metric.name, metric.description or metric.name, labels=names)
    for point in points:
        bounds = (*(str(bound) for bound in point.explicit_bounds), "+Inf")
        totals = accumulate(point.bucket_counts)
        buckets = list(zip(bounds, totals, strict=True))
        family.add_metric(_label_values(point, names), buckets, sum_value=point.sum)
    return family


def _label_names(points: Iterable[NumberDataPoint | HistogramDataPoint]) -> list[str]:
    return sorted({name for point in points for name in point.attributes or {}})


def _label_values(point: NumberDataPoint | HistogramDataPoint, names: list[str]) -> list[str]:
    return [str((point.attributes or {}).get(name, "")) for name in names]
