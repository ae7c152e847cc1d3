"""The situation as analytics sees it: counts, indicators and detections."""

from datetime import datetime

import strawberry

from vocabulary import WarningColour


@strawberry.type(description="A named, unit-carrying figure that plans decide on.")
class Indicator:
    """One reading; `value: null` is unknown."""

    indicator: str
    value: float | None
    unit: str
    window_seconds: int | None
    quality: float | None = strawberry.field(
        description="Share of expected observations that arrived, 0-1."
    )
    as_of: datetime


@strawberry.type(description="What analytics found: never a signal and never an alert.")
class Detection:
    """A rule's limit reached, until it is cleared with hysteresis."""

    id: strawberry.ID
    rule: str
    rule_version: str
    indicator: str
    colour: WarningColour | None
    value: float | None
    threshold: float | None
    unit: str | None
    raised_at: datetime
    cleared_at: datetime | None


@strawberry.type(description="How the jurisdiction stands, counted from events.")
class Situation:
    """Counts of what is open."""

    as_of: datetime
    open_incidents: int
    reports_last_hour: int
    unmet_needs: int
