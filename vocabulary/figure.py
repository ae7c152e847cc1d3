"""A reported or measured value with what is needed to trust it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one metric from one source: `value` None is unknown, 0 is a reported zero."""

    metric: str
    value: float | None
    unit: str
    source: str
    observed_at: datetime
    recorded_at: datetime
