"""What analytics says: indicators that changed, detections raised and cleared."""

from chassis.messages import Message, Published
from contracts.analytics import v1 as contract
from services.analytics import domain
from vocabulary import Mode

PUBLISHED = (
    Published(
        aggregate="indicator",
        event="changed",
        body=contract.IndicatorChanged,
        meaning="An indicator of a jurisdiction changed, became unknown, or an earlier reading was"
        " corrected; the newest reading by asOf holds.",
    ),
    Published(
        aggregate="detection",
        event="raised",
        body=contract.DetectionRaised,
        meaning="An indicator reached a limit of a detection rule.",
    ),
    Published(
        aggregate="detection",
        event="cleared",
        body=contract.DetectionCleared,
        meaning="An indicator stood below the limit for the rule's hold; silence clears nothing.",
    ),
)


def indicator_changed(change: domain.Change) -> Message:
    """Tell the reading; an exercise's is an aggregate of its own, so that neither has gaps."""
    reading = change.reading
    suffix = "" if reading.mode is Mode.REAL else "-exercise"
    return Message(
        aggregate="indicator",
        event="changed",
        id=f"{reading.indicator}-{reading.jurisdiction}{suffix}",
        area=reading.jurisdiction,
        mode=reading.mode,
        occurred_at=reading.as_of,
        body=contract.IndicatorChanged(
            reading=contract.Reading(
                indicator=reading.indicator,
                jurisdiction=reading.jurisdiction,
                value=reading.value,
                unit=reading.unit,
                window_seconds=int(reading.window.total_seconds()),
                quality=reading.quality,
                as_of=reading.as_of,
                mode=reading.mode,
            ),
            crossed=change.crossed,
        ),
    )


def detection_raised(detection: domain.Detection) -> Message:
    """Tell that the detection began."""
    body = contract.DetectionRaised(detection=_detection(detection))
    return _about(detection, "raised", body)


def detection_cleared(detection: domain.Detection) -> Message:
    """Tell that the detection ended."""
    body = contract.DetectionCleared(detection=_detection(detection))
    return _about(detection, "cleared", body)


def _about(
    detection: domain.Detection,
    event: str,
    body: contract.DetectionRaised | contract.DetectionCleared,
) -> Message:
    return Message(
        aggregate="detection",
        event=event,
        id=detection.id,
        area=detection.jurisdiction,
        mode=detection.mode,
        occurred_at=detection.cleared_at or detection.raised_at,
        body=body,
    )


def _detection(detection: domain.Detection) -> contract.Detection:
    return contract.Detection(
        id=detection.id,
        rule=detection.rule,
        rule_version=detection.rule_version,
        indicator=detection.indicator,
        jurisdiction=detection.jurisdiction,
        colour=detection.colour,
        value=detection.value,
        threshold=detection.threshold,
        unit=detection.unit,
        raised_at=detection.raised_at,
        cleared_at=detection.cleared_at,
        mode=detection.mode,
    )
