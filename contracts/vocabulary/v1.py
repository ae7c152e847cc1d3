"""Value types that every service means alike. Enum values equal those of the Python package `vocabulary`.

Generated from proto/contracts/vocabulary/v1/vocabulary.proto by proto/generate.py. Never edited.
"""

from datetime import datetime

import msgspec


class Place(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """A point, WGS 84 degrees."""

    longitude: float
    latitude: float


class Figure(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """One reported or measured value; value absent means unknown, 0 means zero."""

    metric: str
    value: float | None = None
    unit: str | None = None
    source: str | None = None
    observed_at: datetime | None = None
    recorded_at: datetime | None = None


class Duty(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """What the use of a legal provision obliges to."""

    # NOTICE or COMPENSATION.
    kind: str
    text_zh: str
    text_en: str
    # Absent: the article sets no time.
    within_minutes: int | None = None


class Cause(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """What happened to whom: the event's cause as the receiver needs it."""

    # SIGNAL, WARNING, INCIDENT, INDICATOR, ACTIVATION, PERSON or TIMER.
    kind: str
    id: str

