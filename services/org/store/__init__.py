"""Rows of the organization system: get, find, put."""

from services.org.store import tables
from services.org.store.account import (
    find_account,
    put_account,
)
from services.org.store.activation import (
    find_activation,
    put_activation,
)
from services.org.store.bulletin import (
    bulletins_of,
    put_bulletin,
)
from services.org.store.coordination_request import (
    get_coordination_request,
    open_requests_of_exercise,
    put_coordination_request,
)
from services.org.store.coordination_rule import (
    coordination_rules,
)
from services.org.store.disclosure_rule import (
    disclosure_rules,
)
from services.org.store.dispatch import (
    dispatches_out,
    find_dispatch,
    put_dispatch,
)
from services.org.store.exercise import (
    find_exercise,
    put_exercise,
)
from services.org.store.grant import (
    find_grant,
    get_grant,
    grants_through,
    put_grant,
)
from services.org.store.incident import (
    case_of,
    figure_rule,
    find_incident,
    get_incident,
    grading_rules,
    incidents_about,
    incidents_within,
    is_sealed,
    open_incidents_of_exercise,
    put_incident,
    seal_with,
    sealed_with,
)
from services.org.store.incident_command import (
    commands_held,
    find_command,
    put_command,
)
from services.org.store.jurisdiction import (
    find_jurisdiction,
    put_jurisdiction,
)
from services.org.store.limit import (
    limit_rules,
)
from services.org.store.log_entry import (
    find_log_entry,
    get_log_entry,
    put_log_entry,
)
from services.org.store.number import (
    hold,
    next_number,
)
from services.org.store.obligation import (
    find_obligation,
    get_obligation,
    open_obligations,
    open_obligations_of_exercise,
    put_obligation,
    record_sent,
)
from services.org.store.order import (
    get_order,
    issued_orders_of_exercise,
    orders_of_activation,
    orders_of_override,
    put_order,
)
from services.org.store.organization import (
    find_organization,
    get_organization,
    organizations_in,
    organizations_over,
    put_organization,
)
from services.org.store.outage import (
    last_beat,
    outages_between,
    put_beat,
    put_outage,
)
from services.org.store.post import (
    find_post,
    get_post,
    posts_of,
    put_post,
)
from services.org.store.report import (
    find_report,
    find_report_by_source,
    get_report,
    put_report,
    reports_about,
    reports_of_incidents,
)
from services.org.store.reporter import (
    KeyRow,
    destroy_key,
    find_reporter,
    get_key,
    get_reporter,
    keys_not_under,
    put_key,
    put_reporter,
    put_reveal,
    reports_by_phone,
    retention_rules,
    reveals_since,
)
from services.org.store.reporting import (
    reporting_rules,
)
from services.org.store.signal import (
    find_signal,
    get_signal,
    lock_signal,
    put_signal,
)
from services.org.store.situation_report import (
    find_situation_report,
    get_situation_report,
    orders_given,
    put_situation_report,
    situation_reports_of,
)
from services.org.store.tables import metadata
from services.org.store.task import (
    get_task,
    open_tasks_of_activation,
    open_tasks_of_incident,
    put_task,
    tasks_of_activation,
)

__all__ = [
    "KeyRow",
    "bulletins_of",
    "case_of",
    "commands_held",
    "coordination_rules",
    "destroy_key",
    "disclosure_rules",
    "dispatches_out",
    "figure_rule",
    "find_account",
    "find_activation",
    "find_command",
    "find_dispatch",
    "find_exercise",
    "find_grant",
    "find_incident",
    "find_jurisdiction",
    "find_log_entry",
    "find_obligation",
    "find_organization",
    "find_post",
    "find_report",
    "find_report_by_source",
    "find_reporter",
    "find_signal",
    "find_situation_report",
    "get_coordination_request",
    "get_grant",
    "get_incident",
    "get_key",
    "get_log_entry",
    "get_obligation",
    "get_order",
    "get_organization",
    "get_post",
    "get_report",
    "get_reporter",
    "get_signal",
    "get_situation_report",
    "get_task",
    "grading_rules",
    "grants_through",
    "hold",
    "incidents_about",
    "incidents_within",
    "is_sealed",
    "issued_orders_of_exercise",
    "keys_not_under",
    "last_beat",
    "limit_rules",
    "lock_signal",
    "metadata",
    "next_number",
    "open_incidents_of_exercise",
    "open_obligations",
    "open_obligations_of_exercise",
    "open_requests_of_exercise",
    "open_tasks_of_activation",
    "open_tasks_of_incident",
    "orders_given",
    "orders_of_activation",
    "orders_of_override",
    "organizations_in",
    "organizations_over",
    "outages_between",
    "posts_of",
    "put_account",
    "put_activation",
    "put_beat",
    "put_bulletin",
    "put_command",
    "put_coordination_request",
    "put_dispatch",
    "put_exercise",
    "put_grant",
    "put_incident",
    "put_jurisdiction",
    "put_key",
    "put_log_entry",
    "put_obligation",
    "put_order",
    "put_organization",
    "put_outage",
    "put_post",
    "put_report",
    "put_reporter",
    "put_reveal",
    "put_signal",
    "put_situation_report",
    "put_task",
    "record_sent",
    "reporting_rules",
    "reports_about",
    "reports_by_phone",
    "reports_of_incidents",
    "retention_rules",
    "reveals_since",
    "seal_with",
    "sealed_with",
    "situation_reports_of",
    "tables",
    "tasks_of_activation",
]
