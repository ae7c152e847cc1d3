"""Detections: raised when a reading reaches a rule's limit, cleared with hysteresis."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import NewType

from services.analytics.domain.indicator import Reading
from services.analytics.domain.rule import DetectionRule, Hysteresis, Limit
from vocabulary import Mode, WarningColour

DetectionId = NewType("DetectionId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One stay at or above a limit; `below_since` counts the hold, `as_of` is the newest reading."""

    id: DetectionId
    version: int
    rule: str
    rule_version: str
    colour: WarningColour
    indicator: str
    jurisdiction: str
    mode: Mode
    value: float | None
    threshold: float
    unit: str
    raised_at: datetime
    as_of: datetime
    below_since: datetime | None = None
    cleared_at: datetime | None = None


class Edge(Enum):
    """What a reading did to a detection."""

    RAISED = auto()
    CLEARED = auto()


def raises(limit: Limit, reading: Reading) -> bool:
    """Whether a reading reaches the limit; an unknown one does not."""
    return reading.value is not None and limit.comparison.holds(reading.value, limit.value)


def raised(
    detection_id: DetectionId, rule: DetectionRule, limit: Limit, reading: Reading
) -> Detection:
    """The detection that begins with this reading, at the reading's own event time."""
    return Detection(
        id=detection_id,
        version=0,
        rule=rule.id,
        rule_version=rule.version,
        colour=limit.colour,
        indicator=limit.indicator,
        jurisdiction=reading.jurisdiction,
        mode=reading.mode,
        value=reading.value,
        threshold=limit.value,
        unit=reading.unit,
        raised_at=reading.as_of,
        as_of=reading.as_of,
    )


def follow(
    detection: Detection, reading: Reading, hysteresis: Hysteresis
) -> tuple[Detection, Edge | None]:
    """The raised detection after a further reading, CLEARED when the hold has passed.

    An unknown reading, or one of too little quality, clears nothing and begins the hold anew; a
    reading older than the newest one seen changes nothing.
    """
    if reading.as_of < detection.as_of or detection.cleared_at is not None:
        return detection, None
    below_since = _below_since(detection, reading, hysteresis)
    value = detection.value if reading.value is None else reading.value
    after = replace(detection, as_of=reading.as_of, value=value, below_since=below_since)
    if below_since is None or reading.as_of - below_since < hysteresis.hold:
        return after, None
    return replace(after, cleared_at=reading.as_of), Edge.CLEARED


def _below_since(detection: Detection, reading: Reading, hysteresis: Hysteresis) -> datetime | None:
    trusted = reading.quality is None or reading.quality >= hysteresis.min_quality
    if reading.value is None or not trusted:
        return None
    if reading.value >= detection.threshold * hysteresis.clear_ratio:
        return None
    return detection.below_since or reading.as_of
