"""Events of the organization system.

Generated from proto/contracts/org/v1/org.proto by proto/generate.py. Never edited.
"""

from datetime import datetime

import msgspec

import vocabulary
from contracts.vocabulary import v1 as shared


class Jurisdiction(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Jurisdiction."""

    # GB/T 2260 code of 6, 9 or 12 digits.
    code: str
    name_zh: str
    name_en: str
    parent: str | None = None
    population: int | None = None
    area_km2: float | None = None
    # GeoJSON Polygon or MultiPolygon, WGS 84.
    boundary_geojson: str | None = None
    state: vocabulary.JurisdictionState | None = None


class JurisdictionState(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Jurisdiction state."""

    jurisdiction: Jurisdiction


class Organization(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Organization."""

    id: str
    name_zh: str
    name_en: str
    kind: vocabulary.OrganizationKind
    # GB/T 2260 code.
    jurisdiction: str
    parent: str | None = None
    # Function codes such as flood.command, metro.operation.
    functions: tuple[str, ...] = ()
    # GB/T 35561 codes or prefixes.
    emergency_types: tuple[str, ...] = ()


class OrganizationState(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Organization state."""

    organization: Organization


class Grant(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """A delegation: what a person may act as, given by another who holds it."""

    id: str
    # The subject of the tokens of who holds it.
    subject: str
    role: str
    # Absent: for no organization in particular.
    organization: str | None = None
    # GB/T 2260 code; what lies within it is meant too.
    area: str
    valid_from: datetime
    # The first instant at which it gives nothing any more.
    valid_to: datetime
    granted_by: str
    # The delegations that its giver's right came through, the first one first.
    chain: tuple[str, ...] = ()
    revoked_at: datetime | None = None


class GrantState(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Grant state."""

    grant: Grant


class Account(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Account."""

    id: str
    # The subject of its tokens.
    subject: str
    # Present while every token of the subject is refused.
    disabled_since: datetime | None = None


class AccountState(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Account state."""

    account: Account


class Incident(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident."""

    id: str
    # Spoken on the radio: 410100-20210720-003.
    number: str
    mode: vocabulary.Mode
    title: str
    # GB/T 35561 code.
    emergency_type: str
    # DECLARED, RESPONDING, CONTAINED, RECOVERING, CLOSED, FALSE_ALARM or MERGED.
    status: str
    grade: vocabulary.Grade | None = None
    # Rule id and version that gave the grade.
    grade_rule: str | None = None
    place: shared.Place | None = None
    jurisdiction: str
    figures: tuple[shared.Figure, ...] = ()
    declared_at: datetime
    closed_at: datetime | None = None
    # Whoever is not cleared for it sees neither it nor what belongs to it.
    sealed: bool | None = None
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None
    # When it happened; absent while nobody has said.
    occurred_at: datetime | None = None


class IncidentDeclared(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident declared."""

    incident: Incident


class IncidentFactsRecorded(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident facts recorded."""

    incident: Incident
    # Metrics whose preferred value changed.
    changed: tuple[str, ...] = ()


class IncidentRegraded(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident regraded."""

    incident: Incident
    from_grade: vocabulary.Grade | None = None
    to_grade: vocabulary.Grade | None = None
    rule: str
    inputs: tuple[shared.Figure, ...] = ()


class IncidentStatusChanged(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident status changed."""

    incident: Incident
    from_status: str


class IncidentClosed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident closed."""

    incident: Incident


class IncidentSealed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident sealed."""

    incident: Incident


class IncidentUnsealed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident unsealed."""

    incident: Incident


class IncidentCommand(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident command."""

    id: str
    incident_id: str
    organization_id: str
    # Post, never a person's name.
    commander_post: str
    # Jurisdiction that holds the command.
    held_by: str
    span_of_control: int | None = None
    formed_at: datetime


class CommandFormed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Command formed."""

    command: IncidentCommand


class OrderMeasure(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Order measure."""

    # Measure code, e.g. suspend_classes, stop_metro, close_tunnel.
    code: str
    text_zh: str | None = None
    text_en: str | None = None
    legal_basis: str | None = None
    # Organizations that carry it out.
    addressees: tuple[str, ...] = ()
    # ALLOWED, REFUSED or UNKNOWN; a refused measure is in drafts only, marked.
    legal_verdict: str | None = None
    # Which authority is missing, when refused.
    legal_missing: str | None = None
    # Since when the law allows no more what is ordered, and what is missing.
    lapsed_at: datetime | None = None
    lapsed_because: str | None = None


class OrderReceipt(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Order receipt."""

    organization_id: str
    delivered_at: datetime | None = None
    confirmed_at: datetime | None = None
    done_at: datetime | None = None


class Order(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Order."""

    id: str
    # Numbered per jurisdiction and year; absent while a draft.
    number: str | None = None
    # DRAFT, ISSUED, LIFTED or WITHDRAWN.
    status: str
    jurisdiction: str
    activation_id: str | None = None
    incident_id: str | None = None
    mode: vocabulary.Mode
    measures: tuple[OrderMeasure, ...] = ()
    receipts: tuple[OrderReceipt, ...] = ()
    drafted_at: datetime | None = None
    issued_at: datetime | None = None
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    # Issuing organization and post.
    issued_by: str | None = None
    # The emergency override that it rests on: it ends with it.
    override_id: str | None = None
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class OrderDrafted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Order drafted."""

    order: Order


class OrderIssued(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Order issued."""

    order: Order


class OrderReceipted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Order receipted."""

    order: Order
    organization_id: str


class OrderCompleted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Order completed."""

    order: Order
    organization_id: str


class OrderLifted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Order lifted."""

    order: Order


class OrderWithdrawn(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """The draft will not be issued: its proposal was declined or fell."""

    order: Order


class Task(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Task."""

    id: str
    activation_id: str
    incident_id: str | None = None
    step: str
    title_zh: str | None = None
    title_en: str | None = None
    # The one accountable organization; absent when no organization holds the function (raised, not hidden).
    organization_id: str | None = None
    function: str
    # OWED, ACKNOWLEDGED, IN_PROGRESS, DONE, DECLINED, OVERDUE or CANCELLED.
    status: str
    due_at: datetime
    mode: vocabulary.Mode
    jurisdiction: str
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None
    created_at: datetime | None = None
    acknowledged_at: datetime | None = None
    # When it was done, declined or taken back.
    finished_at: datetime | None = None
    # Level in force when it was owed.
    level: vocabulary.ResponseLevel | None = None
    # False when the system could not tell or be told for part of the time allowed: lateness counts against nobody.
    system_was_up: bool | None = None


class TaskCreated(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Task created."""

    task: Task


class TaskAcknowledged(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Task acknowledged."""

    task: Task


class TaskCompleted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Task completed."""

    task: Task


class TaskDeclined(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Task declined."""

    task: Task
    reason: str


class TaskCancelled(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Task cancelled."""

    task: Task


class TaskOverdue(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """The time limit of the plan passed and the step is not done; it can still be done late."""

    task: Task


class Notice(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Notice."""

    # Post on duty, never a person's name or number.
    post: str
    organization_id: str
    channel: str
    # 0 = the post on duty, 1 = deputy, 2 = superior ...
    rung: int
    sent_at: datetime
    delivered_at: datetime | None = None
    confirmed_at: datetime | None = None
    failure: str | None = None


class Obligation(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Obligation."""

    id: str
    # ANSWER_SIGNAL, SIGN_PROPOSAL, ISSUE_ORDER, ACKNOWLEDGE_ORDER, ACKNOWLEDGE_TASK, FORM_COMMAND, DECIDE_OVERRIDE, REPORT_OVERRIDE ...
    kind: str
    # OWED, ANSWERED, OVERDUE or WAIVED.
    state: str
    owed_by: str
    owed_to: str | None = None
    # The object the clock is on.
    subject: shared.Cause
    created_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None
    # Limit rule id and version.
    rule: str
    notices: tuple[Notice, ...] = ()
    mode: vocabulary.Mode
    jurisdiction: str
    # False when the system could not tell or be told for part of the period: never counted against anyone.
    system_was_up: bool | None = None
    incident_id: str | None = None
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class ObligationOwed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Obligation owed."""

    obligation: Obligation


class ObligationTold(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Obligation told."""

    obligation: Obligation
    notice: Notice


class ObligationConfirmed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Obligation confirmed."""

    obligation: Obligation
    notice: Notice


class ObligationAnswered(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Obligation answered."""

    obligation: Obligation


class ObligationOverdue(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Obligation overdue."""

    obligation: Obligation


class ObligationWaived(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Obligation waived."""

    obligation: Obligation
    reason: str


class IntakeReport(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Intake report."""

    id: str
    # RECEIVED, VERIFIED, REJECTED or DUPLICATE.
    status: str
    emergency_type: str | None = None
    place: shared.Place | None = None
    jurisdiction: str
    source: str
    observed_at: datetime
    received_at: datetime
    incident_id: str | None = None
    mode: vocabulary.Mode
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class ReportReceived(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Report received."""

    report: IntakeReport


class ReportVerified(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Report verified."""

    report: IntakeReport


class ReportRejected(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Report rejected."""

    report: IntakeReport
    reason: str


class LogEntry(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Log entry."""

    id: str
    at: datetime
    recorded_at: datetime
    # NOTE, DECISION, FACT, CALL, ORDER, REPORT_UP or SYSTEM.
    kind: str
    organization_id: str | None = None
    jurisdiction: str
    incident_id: str | None = None
    mode: vocabulary.Mode
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class LogEntryAdded(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """The text stays in org: free text may hold personal data and never travels."""

    entry: LogEntry


class LogEntryStruck(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Log entry struck."""

    entry: LogEntry
    reason: str


class StatedFigure(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """One figure of one source, the one to go by for its metric."""

    figure: shared.Figure
    # What the report before said; absent when it said nothing.
    was: float | None = None


class Unclear(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Unclear."""

    # A metric, grade or occurredAt.
    about: str
    # UNKNOWN, CONTRADICTED, UNCONFIRMED or DECREASED.
    why: str
    # What the sources say of it.
    detail: str | None = None


class MeasureTaken(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Measure taken."""

    text_zh: str
    text_en: str
    at: datetime


class ReportCall(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Report call."""

    at: datetime


class SituationReport(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """The signed report upward: initial, follow-up n, final."""

    id: str
    number: str
    # INITIAL, FOLLOW_UP or FINAL.
    stage: str
    # 0 for the initial one.
    ordinal: int
    # DRAFT, SIGNED, SENT, RECEIPTED or WITHDRAWN.
    status: str
    incident_id: str
    incident_number: str
    jurisdiction: str
    mode: vocabulary.Mode
    exercise_id: str | None = None
    organization_id: str
    # Absent while no organization above is known.
    recipient_id: str | None = None
    # The level that was skipped and gets a copy.
    skipped_id: str | None = None
    skip_reason: str | None = None
    # Whether it is phoned before it is sent.
    urgent: bool
    rule: str
    due_at: datetime
    title: str
    grade: vocabulary.Grade | None = None
    # What the facts are as of.
    as_of: datetime
    figures: tuple[StatedFigure, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    measures: tuple[MeasureTaken, ...] = ()
    calls: tuple[ReportCall, ...] = ()
    signed_at: datetime | None = None
    # Reporting organization and post.
    signed_by: str | None = None
    # SHA-256 of what was signed.
    digest: str | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    # The receiver's own reference.
    reference: str | None = None
    withdrawn_because: str | None = None


class SituationReportDrafted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Situation report drafted."""

    situation_report: SituationReport


class SituationReportPhoned(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Situation report phoned."""

    situation_report: SituationReport


class SituationReportSigned(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Situation report signed."""

    situation_report: SituationReport


class SituationReportSent(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Situation report sent."""

    situation_report: SituationReport


class SituationReportReceipted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Situation report receipted."""

    situation_report: SituationReport


class SituationReportWithdrawn(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Situation report withdrawn."""

    situation_report: SituationReport


class CoordinationRequest(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """One organization asks another beside it; free words stay in the request."""

    id: str
    # REQUESTED, ACKNOWLEDGED, ACCEPTED, DECLINED, COMPLETED or WITHDRAWN.
    status: str
    title: str
    capability: str | None = None
    quantity: float | None = None
    unit: str | None = None
    # URGENT or ROUTINE.
    urgency: str
    from_organization: str
    to_organization: str
    jurisdiction: str
    incident_id: str | None = None
    mode: vocabulary.Mode
    exercise_id: str | None = None
    needed_by: datetime | None = None
    requested_at: datetime
    answer_due_at: datetime
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    promised_by: datetime | None = None
    # NO_CAPACITY, NOT_COMPETENT, NO_AUTHORITY, OWN_RESPONSE, UNREACHABLE or OTHER.
    ground: str | None = None
    completed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    # The common superior that was asked to direct it.
    escalated_to: str | None = None
    escalated_at: datetime | None = None
    # DO_IT or LEAVE_IT.
    direction: str | None = None
    directed_at: datetime | None = None


class CoordinationRequested(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Coordination requested."""

    coordination_request: CoordinationRequest


class CoordinationAcknowledged(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Coordination acknowledged."""

    coordination_request: CoordinationRequest


class CoordinationAccepted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Coordination accepted."""

    coordination_request: CoordinationRequest


class CoordinationDeclined(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Coordination declined."""

    coordination_request: CoordinationRequest


class CoordinationCompleted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Coordination completed."""

    coordination_request: CoordinationRequest


class CoordinationWithdrawn(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Coordination withdrawn."""

    coordination_request: CoordinationRequest


class CoordinationEscalated(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Coordination escalated."""

    coordination_request: CoordinationRequest


class CoordinationDirected(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Coordination directed."""

    coordination_request: CoordinationRequest

