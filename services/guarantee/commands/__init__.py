"""What guarantee can be asked to do: each command loads, decides, saves and tells."""

from services.guarantee.commands.incident import keep_incident
from services.guarantee.commands.jurisdiction import keep_jurisdiction
from services.guarantee.commands.organization import keep_organization
from services.guarantee.commands.signal import (
    Receipt,
    SignalForm,
    cancel_signal,
    expire_signal,
    issue_signal,
    receive_cap,
)
from services.guarantee.commands.warning import (
    WarningForm,
    approve_warning,
    cancel_warning,
    draft_warning,
    expire_warning,
    reject_warning,
    update_warning,
)

__all__ = [
    "Receipt",
    "SignalForm",
    "WarningForm",
    "approve_warning",
    "cancel_signal",
    "cancel_warning",
    "draft_warning",
    "expire_signal",
    "expire_warning",
    "issue_signal",
    "keep_incident",
    "keep_jurisdiction",
    "keep_organization",
    "receive_cap",
    "reject_warning",
    "update_warning",
]
