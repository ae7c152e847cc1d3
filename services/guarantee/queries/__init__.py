"""Reads of guarantee, shaped for readers; batches answer many keys at once."""

from services.guarantee.queries.signal import (
    active_signals_by_jurisdiction,
    signal,
    signal_cap,
    signals,
    signals_by_id,
    signals_by_incident,
)
from services.guarantee.queries.views import (
    EndedView,
    NoteView,
    ReceiptView,
    SignalView,
    WarningView,
    receipt_view,
    signal_view,
    warning_view,
)
from services.guarantee.queries.warning import (
    active_warnings_by_jurisdiction,
    warning,
    warning_cap,
    warnings,
    warnings_by_id,
    warnings_by_incident,
)

__all__ = [
    "EndedView",
    "NoteView",
    "ReceiptView",
    "SignalView",
    "WarningView",
    "active_signals_by_jurisdiction",
    "active_warnings_by_jurisdiction",
    "receipt_view",
    "signal",
    "signal_cap",
    "signal_view",
    "signals",
    "signals_by_id",
    "signals_by_incident",
    "warning",
    "warning_cap",
    "warning_view",
    "warnings",
    "warnings_by_id",
    "warnings_by_incident",
]
