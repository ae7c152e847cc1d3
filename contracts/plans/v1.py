"""Events of the plan system.

Generated from proto/contracts/plans/v1/plans.proto by proto/generate.py. Never edited.
"""

from datetime import datetime

import msgspec

import vocabulary
from contracts.vocabulary import v1 as shared


class WatchedThreshold(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """A threshold that a published plan watches: analytics publishes at once when it is crossed."""

    indicator: str
    # >, >=, < or <=.
    comparison: str
    value: float
    jurisdiction: str


class Plan(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Plan."""

    # Stable plan id, e.g. flood-410100.
    id: str
    version: str
    title_zh: str
    title_en: str
    # OVERALL, SPECIAL, DEPARTMENTAL, LOCAL, ENTERPRISE or MAJOR_EVENT.
    kind: str
    jurisdiction: str
    organization_id: str | None = None
    emergency_types: tuple[str, ...] = ()
    thresholds: tuple[WatchedThreshold, ...] = ()
    effective_from: datetime | None = None
    effective_to: datetime | None = None
    # PUBLISHED, FILED, UNDER_REVISION or RETIRED.
    status: str | None = None


class PlanState(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Plan state."""

    plan: Plan


class LegalAnswer(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Legal answer."""

    # ALLOWED, REFUSED or UNKNOWN.
    answer: str
    provisions: tuple[str, ...] = ()
    missing: str | None = None
    who_may_grant: tuple[vocabulary.OrganizationKind, ...] = ()
    # What is missing: NOTHING_LOADED, HOLDER_UNKNOWN, NO_PROVISION, NOT_IN_FORCE, OUTSIDE_TERRITORY, NOT_HELD,
    # LEVEL_TOO_LOW or TOO_LONG; absent when allowed.
    gap: str | None = None
    # What the provisions cited oblige to.
    duties: tuple[shared.Duty, ...] = ()
    # How long the measure may last at most; absent: nothing bounds it.
    longest_minutes: int | None = None
    # Organizations of the kinds in who_may_grant, in the jurisdiction and around it, the nearest first.
    holders: tuple[str, ...] = ()


class Measure(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Measure."""

    code: str
    text_zh: str | None = None
    text_en: str | None = None
    # Function whose holder carries it out.
    addressee_functions: tuple[str, ...] = ()
    # True when the plan lets the order take effect without a signature at this level.
    automatic: bool | None = None
    duration_minutes: int | None = None
    legal: LegalAnswer | None = None


class Step(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Step."""

    id: str
    title_zh: str | None = None
    title_en: str | None = None
    function: str
    time_limit_minutes: int
    after: tuple[str, ...] = ()


class Requirement(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Requirement."""

    # Stable within the activation, e.g. pumps.
    id: str
    capability: str
    # Absent when the formula's inputs are unknown.
    quantity: float | None = None
    unit: str
    place: shared.Place | None = None
    within_minutes: int | None = None
    # 1 lowest; weight of severity in dispatch.
    severity: int | None = None


class ConditionResult(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Condition result."""

    level: vocabulary.ResponseLevel
    text: str
    # Absent: cannot be decided, an indicator is missing.
    met: bool | None = None
    values: tuple[shared.Figure, ...] = ()
    missing: tuple[str, ...] = ()
    # What the values mean here, e.g. "covers 1 of 12 divisions, 6 % of people; the condition asks …".
    note_zh: str | None = None
    note_en: str | None = None


class Explanation(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Explanation."""

    level: vocabulary.ResponseLevel | None = None
    conditions: tuple[ConditionResult, ...] = ()
    as_of: datetime
    # The record kept of this evaluation, with every input.
    evaluation_id: str | None = None


class Lead(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """How long before an incident the response was first in force; negative minutes are after it."""

    incident_id: str
    in_force_at: datetime
    declared_at: datetime
    # Absent while nobody has said when it happened.
    occurred_at: datetime | None = None
    to_declaration_minutes: float
    to_occurrence_minutes: float | None = None


class Activation(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """The plan put in force. `level` absent: nothing in force yet. `proposed_level` present: a person must sign."""

    id: str
    plan_id: str
    plan_version: str
    plan_title_zh: str | None = None
    plan_title_en: str | None = None
    emergency_type: str
    jurisdiction: str
    mode: vocabulary.Mode
    # PROPOSED, IN_FORCE, DECLINED or ENDED.
    state: str
    level: vocabulary.ResponseLevel | None = None
    proposed_level: vocabulary.ResponseLevel | None = None
    # What this event's decision was made upon (not only the first cause).
    cause: shared.Cause
    incident_id: str | None = None
    # Measures, steps and requirements of the level in force, or, in `activation.proposed`, of the level proposed.
    measures: tuple[Measure, ...] = ()
    steps: tuple[Step, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    explanation: Explanation | None = None
    proposed_at: datetime | None = None
    sign_before: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    # Organization and post that signed; absent when the plan let it start by itself.
    decided_by: str | None = None
    reason: str | None = None
    # Organization that issued the plan and must sign.
    organization_id: str | None = None
    decided_at: datetime | None = None
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None
    # In force before any incident of its type in its area was declared.
    preventive: bool | None = None
    # By how much, once such an incident has been declared.
    lead: Lead | None = None


class ActivationProposed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Activation proposed."""

    activation: Activation


class ActivationStarted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Activation started."""

    activation: Activation


class ActivationRaised(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Activation raised."""

    activation: Activation
    from_level: vocabulary.ResponseLevel


class ActivationLowered(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Activation lowered."""

    activation: Activation
    from_level: vocabulary.ResponseLevel


class ActivationMaintained(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """A new signal, warning or fact was weighed and what is in force stands: the answer to it."""

    activation: Activation


class ActivationDeclined(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Activation declined."""

    activation: Activation


class ActivationEnded(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Activation ended."""

    activation: Activation


class MeasureAnswer(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """The law's answer to a measure of one level, before and after."""

    code: str
    # IN_FORCE or PROPOSED: which of the activation's levels the measure belongs to.
    of: str
    before: LegalAnswer
    after: LegalAnswer


class ActivationReanswered(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Provisions changed or lapsed, or who is asked about did: what the law says to measures is not what it was."""

    # Its measures are those of the level proposed while one is, else of the level in force.
    activation: Activation
    answers: tuple[MeasureAnswer, ...] = ()


class Override(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Complete enough to order the measure by, whatever is known of its activation."""

    id: str
    activation_id: str
    plan_title_zh: str
    plan_title_en: str
    emergency_type: str
    jurisdiction: str
    mode: vocabulary.Mode
    incident_id: str | None = None
    # Organization that commands, and that asked.
    organization_id: str
    # With the law's refusal.
    measure: Measure
    # ASKED, GRANTED, DECLINED, EXPIRED or ENDED.
    state: str
    # Organizations that may decide on it, the nearest first.
    authorities: tuple[str, ...] = ()
    # How long it is asked or granted for.
    minutes: int
    # Organization and post.
    asked_by: str
    asked_at: datetime
    asked_because: str
    # Organization whose decision it is; organization and post of who decided.
    authority: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_because: str | None = None
    # Present once granted: the measure is refused again from then on.
    until: datetime | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    # Rule id and version that bound the time and named who may decide.
    rule: str
    # The exercise that it belongs to; absent outside exercises.
    exercise_id: str | None = None


class OverrideAsked(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Override asked."""

    override: Override


class OverrideGranted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Override granted."""

    override: Override


class OverrideDeclined(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Override declined."""

    override: Override


class OverrideExpired(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Override expired."""

    override: Override


class OverrideEnded(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Before its time: given up, or without a measure to pass any more. Without `until` it was never granted."""

    override: Override


class PlanTransition(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Who did what to the version, when and why."""

    # SUBMIT, RETURN, APPROVE, PUBLISH, FILE, BEGIN_REVISION, END_REVISION, RETIRE or SUPERSEDE.
    action: str
    from_status: str
    to_status: str
    at: datetime
    # Organization and post.
    by: str
    reason: str | None = None


class PlanFiling(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Plan filing."""

    organization: str
    number: str
    at: datetime


class PlanVersion(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Plan version."""

    # The plan and its version: flood-410100@2021.1.
    id: str
    plan_id: str
    plan_version: str
    title_zh: str
    title_en: str
    kind: str
    jurisdiction: str
    organization_id: str
    # DRAFT, IN_REVIEW, APPROVED, PUBLISHED, FILED, UNDER_REVISION or RETIRED.
    status: str
    effective_from: datetime
    effective_to: datetime | None = None
    published_at: datetime | None = None
    retired_at: datetime | None = None
    superseded_by: str | None = None
    filing: PlanFiling | None = None


class PlanVersionStatusChanged(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Plan version status changed."""

    plan: PlanVersion
    transition: PlanTransition


class RevisionTrigger(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Revision trigger."""

    ground: str
    # What it was, so that it counts once: plan:<version>, provision:<id>:…, or words of a person.
    cause: str
    note: str | None = None
    at: datetime
    by: str | None = None


class PlanVersionRevisionTriggered(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Plan version revision triggered."""

    plan: PlanVersion
    trigger: RevisionTrigger


class PlanVersionDrilled(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Plan version drilled."""

    plan: PlanVersion
    at: datetime
    organization_id: str
    note: str | None = None
    # Absent: held elsewhere.
    exercise_id: str | None = None


class PlanVersionReviewed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Plan version reviewed."""

    plan: PlanVersion
    at: datetime
    organization_id: str
    note: str | None = None
    # False: it needs a revision.
    is_fit: bool


class Consulted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Consulted."""

    organization_id: str
    answer_before: datetime
    # AGREED, COMMENTED or OBJECTED; absent: not answered.
    opinion: str | None = None
    answered_at: datetime | None = None


class Consultation(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Consultation."""

    id: str
    plan_id: str
    plan_version: str
    jurisdiction: str
    opened_at: datetime
    opened_by: str
    consulted: tuple[Consulted, ...] = ()
    closed_at: datetime | None = None


class ConsultationOpened(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Consultation opened."""

    consultation: Consultation


class ConsultationAnswered(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Consultation answered."""

    consultation: Consultation
    organization_id: str


class ConsultationClosed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Consultation closed."""

    consultation: Consultation


class Cycle(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Cycle."""

    # The plan and the kind: flood-410100_drill.
    id: str
    # DRILL or REVIEW.
    kind: str
    plan_id: str
    plan_version: str
    plan_title_zh: str | None = None
    plan_title_en: str | None = None
    plan_kind: str | None = None
    jurisdiction: str
    # Who issued the plan and owes it.
    organization_id: str
    counted_from: datetime
    warn_at: datetime
    due_at: datetime
    # The rule that asks for it, in its version.
    rule: str


class CycleDue(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """The lead time has begun; the event's own time is when it began, however late it is told."""

    cycle: Cycle


class CycleOverdue(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """The due time has passed; the event's own time is the due time."""

    cycle: Cycle


class CycleMet(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """What was owed has been done."""

    # As it stood before.
    cycle: Cycle
    met_at: datetime
    next_due_at: datetime


class Exercise(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Exercise."""

    id: str
    # TABLETOP, DRILL, FUNCTIONAL or FULL_SCALE.
    type: str
    # PLANNED, RUNNING, COMPLETED or CANCELLED.
    state: str
    title_zh: str
    title_en: str
    # The plan version that is exercised.
    plan_id: str
    plan_version: str
    jurisdiction: str
    # Who runs it.
    organization_id: str
    # The organizations that take part: nobody else is told of anything in it.
    participants: tuple[str, ...] = ()
    planned_from: datetime
    planned_to: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    # True when it was played in a rehearsal and its record was brought here.
    imported: bool | None = None


class SignalInject(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Signal inject."""

    # GB/T 35561 code.
    emergency_type: str
    colour: vocabulary.WarningColour
    # Divisions that it covers wholly.
    areas: tuple[str, ...] = ()
    headline_zh: str | None = None
    headline_en: str | None = None
    valid_minutes: int | None = None
    # Keys of earlier injects whose signals it takes the place of.
    replaces: tuple[str, ...] = ()


class IncidentInject(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Incident inject."""

    title: str
    emergency_type: str
    jurisdiction: str
    place: shared.Place
    figures: tuple[shared.Figure, ...] = ()


class FiguresInject(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Figures inject."""

    # Key of the inject that declared the incident.
    incident: str
    figures: tuple[shared.Figure, ...] = ()


class ReportInject(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Report inject."""

    text: str
    emergency_type: str | None = None
    jurisdiction: str
    place: shared.Place | None = None


class IndicatorInject(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Indicator inject."""

    indicator: str
    jurisdiction: str
    # Absent: unknown from then on.
    value: float | None = None


class Inject(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """One timed fact of the script, delivered. Exactly one of the parts below says what it is; a note has none."""

    id: str
    # Its name in the script.
    key: str
    due_at: datetime
    # What is read out.
    text_zh: str | None = None
    text_en: str | None = None
    signal: SignalInject | None = None
    incident: IncidentInject | None = None
    figures: FiguresInject | None = None
    report: ReportInject | None = None
    indicator: IndicatorInject | None = None


class ExercisePlanned(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Exercise planned."""

    exercise: Exercise


class ExerciseStarted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Exercise started."""

    exercise: Exercise


class ExerciseInjected(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Exercise injected."""

    exercise: Exercise
    inject: Inject


class ExerciseCompleted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Exercise completed."""

    exercise: Exercise


class ExerciseCancelled(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Exercise cancelled."""

    exercise: Exercise


class RevisionProposal(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Revision proposal."""

    id: str
    plan_id: str
    # The version that the evidence was gathered under.
    plan_version: str
    jurisdiction: str
    # STEP, MEASURE or CONDITION.
    kind: str
    # Id of the step, code of the measure, or level whose conditions are meant.
    place: str
    # OPEN, ACCEPTED or REJECTED.
    state: str
    # How often it was asked for, and how often it went as planned.
    n: int
    as_planned: int
    # Wilson interval of the rate.
    rate_low: float | None = None
    rate_high: float | None = None
    # Learning rule and version.
    rule: str
    opened_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    # The draft that an accepted one became.
    draft_version: str | None = None


class RevisionProposed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Revision proposed."""

    proposal: RevisionProposal


class RevisionSupported(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """More evidence came."""

    proposal: RevisionProposal


class RevisionAccepted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Revision accepted."""

    proposal: RevisionProposal


class RevisionRejected(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """Revision rejected."""

    proposal: RevisionProposal

