"""What can be done in the organization system: load, decide, store, say."""

from services.org.commands.account import disable_account, enable_account
from services.org.commands.activation import (
    decline_activation,
    end_activation,
    lower_activation,
    maintain_activation,
    propose_activation,
    reanswer_activation,
    start_activation,
)
from services.org.commands.bulletin import hear_bulletin
from services.org.commands.coordination_request import (
    accept_request,
    acknowledge_request,
    complete_request,
    decline_request,
    direct_request,
    escalate_unanswered,
    request_coordination,
    withdraw_request,
)
from services.org.commands.dispatch import hear_dispatch, hear_unmet
from services.org.commands.exercise import (
    hear_exercise,
    inject_figures,
    inject_incident,
    inject_note,
    inject_report,
    injected_id,
)
from services.org.commands.grant import give_grant, revoke_grant
from services.org.commands.incident import (
    change_status,
    close_incident,
    confirm_figure,
    declare_incident,
    merge_incident,
    record_facts,
    seal_incident,
    unmerge_incident,
    unseal_incident,
)
from services.org.commands.incident_command import form_command
from services.org.commands.jurisdiction import put_jurisdiction
from services.org.commands.log_entry import sign_log_entry, strike_log_entry
from services.org.commands.notice import Channel, RecordingChannel
from services.org.commands.obligation import (
    climb,
    confirm_obligation,
    fall_due,
    owe,
    report_obligation,
    waive_obligation,
)
from services.org.commands.order import (
    complete_order,
    confirm_order,
    expire_order,
    issue_order,
    lift_order,
)
from services.org.commands.organization import put_organization
from services.org.commands.outage import beat
from services.org.commands.override import (
    ask_override,
    decline_override,
    end_override,
    grant_override,
)
from services.org.commands.post import put_post, watch_roster
from services.org.commands.report import receive_report, reject_report, verify_report
from services.org.commands.reporter import (
    erase_reporter,
    expire_reporter,
    hold_reporter,
    release_reporter,
    reveal_reporter,
    rewrap_reporters,
)
from services.org.commands.signal import answer_signal, hear_signal, retire_signal
from services.org.commands.situation_report import (
    follow_up,
    phone_situation_report,
    receipt_situation_report,
    revise_situation_report,
    send_situation_report,
    sign_situation_report,
)
from services.org.commands.task import (
    acknowledge_task,
    complete_task,
    decline_task,
    run_task_overdue,
)
from services.org.commands.warning import note_warning

__all__ = [
    "Channel",
    "RecordingChannel",
    "accept_request",
    "acknowledge_request",
    "acknowledge_task",
    "answer_signal",
    "ask_override",
    "beat",
    "change_status",
    "climb",
    "close_incident",
    "complete_order",
    "complete_request",
    "complete_task",
    "confirm_figure",
    "confirm_obligation",
    "confirm_order",
    "declare_incident",
    "decline_activation",
    "decline_override",
    "decline_request",
    "decline_task",
    "direct_request",
    "disable_account",
    "enable_account",
    "end_activation",
    "end_override",
    "erase_reporter",
    "escalate_unanswered",
    "expire_order",
    "expire_reporter",
    "fall_due",
    "follow_up",
    "form_command",
    "give_grant",
    "grant_override",
    "hear_bulletin",
    "hear_dispatch",
    "hear_exercise",
    "hear_signal",
    "hear_unmet",
    "hold_reporter",
    "inject_figures",
    "inject_incident",
    "inject_note",
    "inject_report",
    "injected_id",
    "issue_order",
    "lift_order",
    "lower_activation",
    "maintain_activation",
    "merge_incident",
    "note_warning",
    "owe",
    "phone_situation_report",
    "propose_activation",
    "put_jurisdiction",
    "put_organization",
    "put_post",
    "reanswer_activation",
    "receipt_situation_report",
    "receive_report",
    "record_facts",
    "reject_report",
    "release_reporter",
    "report_obligation",
    "request_coordination",
    "retire_signal",
    "reveal_reporter",
    "revise_situation_report",
    "revoke_grant",
    "rewrap_reporters",
    "run_task_overdue",
    "seal_incident",
    "send_situation_report",
    "sign_log_entry",
    "sign_situation_report",
    "start_activation",
    "strike_log_entry",
    "unmerge_incident",
    "unseal_incident",
    "verify_report",
    "waive_obligation",
    "watch_roster",
    "withdraw_request",
]
