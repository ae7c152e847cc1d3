"""The situation as analytics sees it: counts, indicators and detections."""

from datetime import datetime

import strawberry

from gateway import fields
from gateway.schema.places import Jurisdiction
from vocabulary import Mode, WarningColour


@strawberry.type(description="A named, unit-carrying figure that plans decide on.")
class Reading:
    """One indicator as it stands; `value: null` is unknown."""

    indicator: str
    value: float | None
    unit: str
    quality: float | None = strawberry.field(
        description="Share of expected observations that arrived, 0-1."
    )
    as_of: datetime
    mode: Mode


@strawberry.type(description="What analytics found: never a signal and never an alert.")
class Detection:
    """A rule's limit reached, until it is cleared with hysteresis."""

    id: strawberry.ID
    rule: str
    rule_version: str
    indicator: str
    jurisdiction: Jurisdiction | None = fields.joined("Detection.jurisdiction")
    mode: Mode
    colour: WarningColour
    value: float | None
    threshold: float
    unit: str
    raised_at: datetime
    cleared_at: datetime | None = strawberry.field(description="null: it stands.")
    as_of: datetime


@strawberry.type(description="What `to` said because it heard an event of `from`, and how fast.")
class Link:
    """One hand-off between services, median and 99th percentile in milliseconds."""

    from_: str = strawberry.field(name="from")
    to: str
    event: str
    effect: str
    count: int
    business_p50_ms: float = strawberry.field(name="businessP50Ms")
    business_p99_ms: float = strawberry.field(name="businessP99Ms")
    machine_p50_ms: float = strawberry.field(name="machineP50Ms")
    machine_p99_ms: float = strawberry.field(name="machineP99Ms")


@strawberry.type(description="One event of any service, as the log heard it.")
class LoggedEvent:
    """What was said, by whom, because of what."""

    seq: int
    event_id: strawberry.ID
    service: str
    aggregate: str
    event: str
    id: strawberry.ID
    area: str
    mode: Mode
    version: int
    time: datetime
    heard_at: datetime
    correlation_id: strawberry.ID
    causation_id: strawberry.ID | None


@strawberry.type(description="How the jurisdiction stands, counted from events.")
class Situation:
    """Counts of what is open."""

    as_of: datetime
    open_incidents: int
    reports_last_hour: int
    unmet_needs: int
