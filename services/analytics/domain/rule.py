"""Rules as versioned data: how indicators are made, and at which limits a detection is raised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.analytics.domain.indicator import IndicatorRule, Metric
from vocabulary import INDICATORS, Comparison, WarningColour, is_within


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRules:
    """One version of the metrics that are taken and the indicators that are made of them."""

    id: str
    version: str
    effective_from: datetime
    source: str
    metrics: tuple[Metric, ...]
    indicators: tuple[IndicatorRule, ...]

    def by_metric(self, metric: str) -> tuple[IndicatorRule, ...]:
        """The indicators made of `metric`."""
        return tuple(rule for rule in self.indicators if rule.metric == metric)

    def metric_names(self) -> Mapping[str, Metric]:
        """The metrics by name."""
        return {metric.name: metric for metric in self.metrics}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One line of a detection rule: the colour that the indicator gives when it stands there."""

    colour: WarningColour
    indicator: str
    comparison: Comparison
    value: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hysteresis:
    """When a raised detection is cleared.

    The indicator must stand below `clear_ratio` (0-1) of the limit for `hold` of event time, in
    readings of at least `min_quality`: a value that fell because stations fell silent clears nothing.
    """

    clear_ratio: float
    hold: timedelta
    min_quality: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionRule:
    """One version of a detection rule, for the divisions within `jurisdiction`."""

    id: str
    version: str
    effective_from: datetime
    source: str
    jurisdiction: str
    emergency_type: str
    hysteresis: Hysteresis
    limits: tuple[Limit, ...]


class RuleInvalid(Exception):
    """A rule file that cannot be used; the message names the file's id and what is wrong."""


def check_indicators(rules: IndicatorRules) -> IndicatorRules:
    """The rules with each indicator's unit filled in; raises RuleInvalid.

    Every indicator is in the registry and its unit is its metric's.
    """
    metrics = rules.metric_names()
    return replace(rules, indicators=tuple(_with_unit(rule, metrics) for rule in rules.indicators))


def check_detection(rule: DetectionRule) -> DetectionRule:
    """The rule itself when it can be judged; raises RuleInvalid.

    Clearing is defined for rising limits only: below a share of the limit.
    """
    for limit in rule.limits:
        if limit.indicator not in INDICATORS:
            raise RuleInvalid(f"{rule.id}: {limit.indicator!r} is not a registered indicator")
        if limit.comparison not in (Comparison.ABOVE, Comparison.AT_LEAST):
            raise RuleInvalid(f"{rule.id}: a limit rises ('>' or '>='), not {limit.comparison}")
    if not 0 < rule.hysteresis.clear_ratio <= 1:
        raise RuleInvalid(f"{rule.id}: clear_ratio lies between 0 and 1")
    return rule


def indicators_in_force(versions: Iterable[IndicatorRules], *, at: datetime) -> IndicatorRules:
    """The newest version in force at `at`; before the first the first, so that nothing is unmade."""
    ordered = sorted(versions, key=lambda one: one.effective_from)
    return next((one for one in reversed(ordered) if one.effective_from <= at), ordered[0])


def detections_in_force(
    versions: Iterable[DetectionRule], *, jurisdiction: str, at: datetime
) -> tuple[DetectionRule, ...]:
    """Of every rule that covers the jurisdiction the newest version in force at `at`."""
    newest: dict[str, DetectionRule] = {}
    for rule in sorted(versions, key=lambda one: one.effective_from):
        if rule.effective_from <= at and is_within(jurisdiction, rule.jurisdiction):
            newest[rule.id] = rule
    return tuple(newest.values())


def _with_unit(rule: IndicatorRule, metrics: Mapping[str, Metric]) -> IndicatorRule:
    registered = INDICATORS.get(rule.indicator)
    metric = metrics.get(rule.metric)
    if registered is None or metric is None:
        raise RuleInvalid(
            f"{rule.indicator}: indicator or metric {rule.metric!r} is not registered"
        )
    if registered.unit != metric.unit:
        raise RuleInvalid(
            f"{rule.indicator} is in {registered.unit}, {metric.name} in {metric.unit}"
        )
    return replace(rule, unit=metric.unit)
