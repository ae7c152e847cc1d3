"""What guarantee tells others, and how its facts become contract messages."""

from services.guarantee.events import signal, warning
from services.guarantee.events.signal import (
    signal_cancelled,
    signal_expired,
    signal_issued,
    signal_superseded,
)
from services.guarantee.events.warning import (
    warning_cancelled,
    warning_drafted,
    warning_expired,
    warning_issued,
    warning_rejected,
    warning_superseded,
)

PUBLISHED = (*signal.PUBLISHED, *warning.PUBLISHED)

__all__ = [
    "PUBLISHED",
    "signal_cancelled",
    "signal_expired",
    "signal_issued",
    "signal_superseded",
    "warning_cancelled",
    "warning_drafted",
    "warning_expired",
    "warning_issued",
    "warning_rejected",
    "warning_superseded",
]
