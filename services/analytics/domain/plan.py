"""Copies of the published plans: which limits of which indicators they watch."""

from dataclasses import dataclass

from services.analytics.domain.indicator import WatchedThreshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A published plan version and the limits that its conditions compare indicators with."""

    id: str
    version: str
    jurisdiction: str
    thresholds: tuple[WatchedThreshold, ...]
