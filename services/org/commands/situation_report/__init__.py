"""Commands on situation reports: the series as the incident goes on, and what people do with each."""

from services.org.commands.situation_report.handling import (
    phone_situation_report,
    receipt_situation_report,
    revise_situation_report,
    send_situation_report,
    sign_situation_report,
)
from services.org.commands.situation_report.series import (
    begin_series,
    drop_series,
    follow_incident,
    follow_status,
    follow_up,
    resume_series,
)

__all__ = [
    "begin_series",
    "drop_series",
    "follow_incident",
    "follow_status",
    "follow_up",
    "phone_situation_report",
    "receipt_situation_report",
    "resume_series",
    "revise_situation_report",
    "send_situation_report",
    "sign_situation_report",
]
