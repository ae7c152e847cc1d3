"""The rules in force as readers see them: what is taken, what is made of it, what raises what."""

from datetime import datetime

import msgspec

from services.analytics import domain, store
from vocabulary import WarningColour


class MetricView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What observations may measure, in its own unit and plausible range."""

    name: str
    unit: str
    minimum: float
    maximum: float
    meaning: str


class IndicatorRuleView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How an indicator is made."""

    indicator: str
    metric: str
    unit: str
    fold: domain.Fold
    across: domain.Across
    window_seconds: float


class LimitView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One limit of a detection rule."""

    colour: WarningColour
    indicator: str
    comparison: str
    value: float
    text: str


class DetectionRuleView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One version of a detection rule."""

    id: str
    version: str
    effective_from: datetime
    source: str
    jurisdiction: str
    emergency_type: str
    limits: list[LimitView]


class RulesView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The rules in force; `version` is that of metrics and indicators."""

    version: str
    effective_from: datetime
    source: str
    metrics: list[MetricView]
    indicators: list[IndicatorRuleView]
    detections: list[DetectionRuleView]


def rules(*, at: datetime) -> RulesView:
    """The rules in force at `at`; of detection rules every version that has begun by then."""
    made = domain.indicators_in_force(store.indicator_rules(), at=at)
    return RulesView(
        version=made.version,
        effective_from=made.effective_from,
        source=made.source,
        metrics=[
            MetricView(
                name=one.name,
                unit=one.unit,
                minimum=one.minimum,
                maximum=one.maximum,
                meaning=one.meaning,
            )
            for one in made.metrics
        ],
        indicators=[
            IndicatorRuleView(
                indicator=one.indicator,
                metric=one.metric,
                unit=one.unit,
                fold=one.fold,
                across=one.across,
                window_seconds=one.window.total_seconds(),
            )
            for one in made.indicators
        ],
        detections=[_detection(one) for one in store.detection_rules() if one.effective_from <= at],
    )


def _detection(rule: domain.DetectionRule) -> DetectionRuleView:
    return DetectionRuleView(
        id=rule.id,
        version=rule.version,
        effective_from=rule.effective_from,
        source=rule.source,
        jurisdiction=rule.jurisdiction,
        emergency_type=rule.emergency_type,
        limits=[
            LimitView(
                colour=one.colour,
                indicator=one.indicator,
                comparison=one.comparison,
                value=one.value,
                text=one.text,
            )
            for one in rule.limits
        ],
    )
