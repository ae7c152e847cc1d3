"""Plans in force: activations with their reasons, measures and the legal answer to each."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.guarantee import Dispatch, Requirement
from gateway.schema.law import LegalAnswer
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import (
    EmergencyType,
    ExerciseRef,
    Figure,
    IncidentRef,
    Jurisdiction,
    OrderRef,
    Organization,
    OverrideFiguresRef,
    OverrideRef,
)
from gateway.schema.task import Task
from vocabulary import Mode, ResponseLevel


@strawberry.enum
class ActivationState(StrEnum):
    """How an activation stands."""

    PROPOSED = "PROPOSED"
    IN_FORCE = "IN_FORCE"
    DECLINED = "DECLINED"
    ENDED = "ENDED"


@strawberry.type(description="An action that the law must allow.")
class Measure:
    """A measure of the plan at the level in force, or proposed."""

    code: str
    text: str = fields.label("text")
    addressee_functions: list[str] = fields.listed("addresseeFunctions")
    automatic: bool | None
    duration_minutes: int | None
    legal: LegalAnswer | None


@strawberry.type(description="A step that a level sets going; org makes a task of it.")
class Step:
    """What the holder of a function does, and in what time."""

    id: strawberry.ID
    title: str = fields.label("title")
    function: str
    time_limit_minutes: int
    after: list[str] = fields.listed("after")


@strawberry.type(description="A need in numbers, as the plan's formula gives it.")
class PlannedNeed:
    """A need; `quantity: null` when the inputs of its formula are unknown."""

    id: strawberry.ID
    capability: str
    quantity: float | None
    unit: str
    within_minutes: int | None
    severity: int


@strawberry.type(description="Everything that a level sets going.")
class Content:
    """Measures, steps and needs of one level."""

    measures: list[Measure] = fields.listed("measures")
    steps: list[Step] = fields.listed("steps")
    requirements: list[PlannedNeed] = fields.listed("requirements")


@strawberry.type(
    description="`met: null` = cannot be decided, an indicator is missing; `missing` names it."
)
class ConditionResult:
    """One condition of a plan with the values it saw."""

    level: ResponseLevel | None
    text: str
    met: bool | None
    values: list[Figure] = fields.listed("values")
    missing: list[str] = fields.listed("missing")
    holds_since: datetime | None
    note: str | None = fields.label("note")


@strawberry.type(description="Every condition with the values it saw, from the kept record.")
class Explanation:
    """Why a level, or none, follows from the facts."""

    level: ResponseLevel | None
    conditions: list[ConditionResult] = fields.listed("conditions")
    as_of: datetime
    evaluation_id: strawberry.ID


@strawberry.type(description="One change of the level in force.")
class LevelChange:
    """From which level to which, when, why and by whom."""

    from_level: ResponseLevel | None
    to_level: ResponseLevel | None
    at: datetime
    because: str
    by: str | None = strawberry.field(description="null when the plan's own rule made it.")
    reason: str | None
    override: str | None


@strawberry.type(description="What a decision was made upon.")
class Cause:
    """Kind and id of the cause."""

    kind: str
    id: strawberry.ID


@strawberry.type(description="A function whose holder has to hear of a proposal.")
class Call:
    """Whom to call, and for which measures and steps; `posts` of the organization say who is there."""

    function: str
    measures: list[str] = fields.listed("measures")
    steps: list[str] = fields.listed("steps")
    organization: Organization | None = fields.joined(
        "Call.organization",
        description="Who holds the function there or nearest above; null: nobody.",
    )


@strawberry.type(description="What a person is asked to sign, why, and whom to call.")
class Proposal:
    """A level that waits for a signature, with everything that a signature takes."""

    level: ResponseLevel
    proposed_at: datetime | None
    sign_before: datetime | None
    reasons: list[ConditionResult] = fields.listed(
        "reasons", description="The level's conditions that hold, with the values that they saw."
    )
    content: Content
    whom_to_call: list[Call] = fields.listed("whomToCall")


@strawberry.type(description="How long before an incident a response was first in force.")
class Lead:
    """Prevention before response, in minutes; negative ones are after it."""

    incident: IncidentRef | None = fields.joined("Lead.incident")
    in_force_at: datetime
    declared_at: datetime
    occurred_at: datetime | None
    to_declaration_minutes: float
    to_occurrence_minutes: float | None = strawberry.field(
        description="null while nobody has said when it happened."
    )


@strawberry.type(description="What a plan said to facts, before anything was decided.")
class Findings:
    """The level given, the most that unknown values allow, and every condition."""

    given: ResponseLevel | None
    possible: ResponseLevel | None
    conditions: list[ConditionResult] = fields.listed("conditions")
    as_of: datetime


@strawberry.type(description="A kept decision: inputs, rule version, conditions and outcome.")
class Decision(Node):
    """One evaluation as it was made, never changed afterwards."""

    plan_id: str
    plan_version: str
    at: datetime
    cause: Cause
    inputs: list[Figure] = fields.listed("inputs")
    findings: Findings
    outcomes: list[str] = fields.listed("outcomes")
    decided_by: str | None = strawberry.field(
        description="Organization and post; null when the plan's own rules decided."
    )


@strawberry.type(description="What one plan would say to supposed facts. Nothing has changed.")
class Supposed:
    """A plan's answer to `explain`."""

    plan_id: strawberry.ID
    plan_version: str
    plan_title: str = fields.label("planTitle")
    level: ResponseLevel | None
    possible_level: ResponseLevel | None = strawberry.field(
        description="What it could be if every missing indicator were at its worst."
    )
    conditions: list[ConditionResult] = fields.listed("conditions")
    as_of: datetime


@strawberry.type(description="One plan version, put in force or proposed.")
class Activation(Node):
    """A plan in force for one jurisdiction, with the level, the reasons and who decided."""

    version: int
    plan_id: str
    plan_version: str
    plan_title: str = fields.label("planTitle")
    emergency_type: EmergencyType = fields.emergency_type()
    jurisdiction: Jurisdiction | None = fields.joined("Activation.jurisdiction")
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("Activation.exercise")
    state: ActivationState
    level: ResponseLevel | None
    proposed_level: ResponseLevel | None = strawberry.field(
        description="Present: a person must sign before `signBefore`."
    )
    cause: Cause
    organization: Organization | None = fields.joined(
        "Activation.organization", description="Who issued the plan and must sign."
    )
    incident: IncidentRef | None = fields.joined("Activation.incident")
    content: Content = strawberry.field(description="What the level in force sets going.")
    proposed_content: Content = strawberry.field(
        description="What the proposed level would set going."
    )
    explanation: Explanation
    created_at: datetime
    proposed_at: datetime | None
    sign_before: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    decided_by: str | None = strawberry.field(
        description="Who signed; null when the plan let it start by itself."
    )
    decided_at: datetime | None
    reason: str | None
    history: list[LevelChange] = fields.listed("history")
    overrides: list[OverrideRef] | None = fields.joined(
        "Activation.overrides", description="Refused measures that an authority lets pass."
    )
    override_figures: OverrideFiguresRef | None = fields.joined("Activation.overrideFigures")
    preventive: bool = strawberry.field(
        description="In force before any incident of its type in its area was declared."
    )
    lead: Lead | None = strawberry.field(description="By how much, once such an incident is.")
    proposal: Proposal | None
    draft_order: OrderRef | None = fields.joined(
        "Activation.draftOrder", description="The order that a signature would issue."
    )
    decisions: list[Decision] | None = fields.joined(
        "Activation.decisions",
        description="What led to it and changed it, newest first, 100 at most.",
    )
    set_off: list["Activation"] | None = fields.joined(
        "Activation.setOff", description="Responses of other plans for which it was the reason."
    )
    orders: list[OrderRef] | None = fields.joined("Activation.orders")
    tasks: list[Task] | None = fields.joined("Activation.tasks")
    requirements: list[Requirement] | None = fields.joined("Activation.requirements")
    dispatches: list[Dispatch] | None = fields.joined("Activation.dispatches")
    viewer_permissions: list[Permission] | None = fields.permissions("Activation")
