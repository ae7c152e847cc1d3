"""Events of the big-data support system.

Generated from proto/contracts/analytics/v1/analytics.proto by proto/generate.py. Never edited.
"""

from datetime import datetime

import msgspec

import vocabulary


class Reading(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Reading."""

    # Registered name with its window, e.g. rain_1h_mm.
    indicator: str
    # GB/T 2260 code.
    jurisdiction: str
    # Absent: unknown since as_of (no data in the window).
    value: float | None = None
    unit: str
    window_seconds: int | None = None
    # Share of expected observations that arrived, 0-1.
    quality: float | None = None
    # Event time that the value is true for.
    as_of: datetime
    mode: vocabulary.Mode


class IndicatorChanged(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Indicator changed."""

    reading: Reading
    # Thresholds that this change crossed, as plans declared them.
    crossed: tuple[float, ...] = ()


class Detection(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Detection."""

    id: str
    rule: str
    rule_version: str
    indicator: str
    jurisdiction: str
    colour: vocabulary.WarningColour | None = None
    value: float | None = None
    threshold: float | None = None
    unit: str | None = None
    raised_at: datetime
    cleared_at: datetime | None = None
    mode: vocabulary.Mode


class DetectionRaised(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Detection raised."""

    detection: Detection


class DetectionCleared(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Detection cleared."""

    detection: Detection

