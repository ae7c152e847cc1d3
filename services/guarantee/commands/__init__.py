"""What guarantee can be asked to do: each command loads, decides, saves and tells."""

from services.guarantee.commands.activation import learn_of_activation, require_for_activation
from services.guarantee.commands.allocation import solve_dispatch, solve_soon
from services.guarantee.commands.bulletin import (
    correct_bulletin,
    draft_bulletin,
    publish_bulletin,
    reject_bulletin,
    withdraw_bulletin,
)
from services.guarantee.commands.dispatch import (
    release_dispatch,
    report_dispatch,
    report_unable,
    return_dispatch,
)
from services.guarantee.commands.incident import keep_incident
from services.guarantee.commands.jurisdiction import keep_jurisdiction
from services.guarantee.commands.organization import keep_organization
from services.guarantee.commands.provision import put_provision
from services.guarantee.commands.requirement import adjust_requirements, widen_requirement
from services.guarantee.commands.resource import TELL, ResourceForm, put_resource, tell_resources
from services.guarantee.commands.rumour import decide_rumour, note_rumour
from services.guarantee.commands.signal import (
    Receipt,
    SignalForm,
    cancel_signal,
    end_signals,
    expire_signal,
    inject_signal,
    issue_signal,
    receive_cap,
)
from services.guarantee.commands.warning import (
    WarningForm,
    approve_warning,
    cancel_warning,
    draft_warning,
    end_warnings,
    expire_warning,
    reject_warning,
    update_warning,
)

__all__ = [
    "TELL",
    "Receipt",
    "ResourceForm",
    "SignalForm",
    "WarningForm",
    "adjust_requirements",
    "approve_warning",
    "cancel_signal",
    "cancel_warning",
    "correct_bulletin",
    "decide_rumour",
    "draft_bulletin",
    "draft_warning",
    "end_signals",
    "end_warnings",
    "expire_signal",
    "expire_warning",
    "inject_signal",
    "issue_signal",
    "keep_incident",
    "keep_jurisdiction",
    "keep_organization",
    "learn_of_activation",
    "note_rumour",
    "publish_bulletin",
    "put_provision",
    "put_resource",
    "receive_cap",
    "reject_bulletin",
    "reject_warning",
    "release_dispatch",
    "report_dispatch",
    "report_unable",
    "require_for_activation",
    "return_dispatch",
    "solve_dispatch",
    "solve_soon",
    "tell_resources",
    "update_warning",
    "widen_requirement",
    "withdraw_bulletin",
]
