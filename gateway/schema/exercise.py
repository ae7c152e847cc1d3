"""Exercises: what is rehearsed by whom, the facts of the script, and how it went."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway import fields
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import EmergencyType, Jurisdiction, Organization
from vocabulary import Mode, ResponseLevel, WarningColour

if TYPE_CHECKING:
    from gateway.schema.plan_version import PlanVersion

PlanVersionRef = Annotated["PlanVersion", strawberry.lazy("gateway.schema.plan_version")]


@strawberry.enum(description="In the words of ISO 22398; a TABLETOP is talked through.")
class ExerciseType(StrEnum):
    """Four types."""

    TABLETOP = "TABLETOP"
    DRILL = "DRILL"
    FUNCTIONAL = "FUNCTIONAL"
    FULL_SCALE = "FULL_SCALE"


@strawberry.enum
class ExerciseState(StrEnum):
    """How an exercise stands."""

    PLANNED = "PLANNED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="A NOTE is read out; anything else acts as if it had come.")
class InjectKind(StrEnum):
    """What a fact of the script is."""

    SIGNAL = "SIGNAL"
    INCIDENT = "INCIDENT"
    FIGURES = "FIGURES"
    REPORT = "REPORT"
    INDICATOR = "INDICATOR"
    NOTE = "NOTE"


@strawberry.enum(
    description="EXCUSED: the system could not tell or be told. OUTSIDE: whose it was takes no part. "
    "NOT_DUE: taken back, or still open, before its time was up."
)
class StepOutcome(StrEnum):
    """How a step or a hand-off went."""

    ON_TIME = "ON_TIME"
    LATE = "LATE"
    NOT_DONE = "NOT_DONE"
    EXCUSED = "EXCUSED"
    NOT_DUE = "NOT_DUE"
    OUTSIDE = "OUTSIDE"
    NOT_ASKED = "NOT_ASKED"


@strawberry.type(description="A text in both languages.")
class Wording:
    """What a person reads."""

    zh: str
    en: str


@strawberry.type(description="What an exercise is to show.")
class Objective:
    """One objective."""

    id: strawberry.ID
    text: Wording


@strawberry.type(description="Where an exercise was played whose record was brought here.")
class Provenance:
    """The deployment, and the digest of the record."""

    deployment: str
    exported_at: datetime
    digest: str
    imported_at: datetime
    imported_by: str


@strawberry.type(description="A figure of the script; `value: null` is unknown.")
class ScriptedFigure:
    """One figure."""

    metric: str
    value: float | None


@strawberry.type(description="A signal of the script.")
class ScriptedSignal:
    """Type, colour and the divisions that it covers."""

    emergency_type: EmergencyType = fields.emergency_type()
    colour: WarningColour
    areas: list[str] = fields.listed("areas")
    headline: Wording | None
    valid_minutes: int | None


@strawberry.type(description="A verified emergency of the script.")
class ScriptedIncident:
    """What it is and what is known of it."""

    title: str
    emergency_type: EmergencyType = fields.emergency_type()
    jurisdiction: str
    figures: list[ScriptedFigure] = fields.listed("figures")


@strawberry.type(description="Further figures of an emergency of the script.")
class ScriptedFigures:
    """`incident` is the key of the fact that declared it."""

    incident: str
    figures: list[ScriptedFigure] = fields.listed("figures")


@strawberry.type(description="An intake report of the script.")
class ScriptedReport:
    """What somebody tells."""

    text: str
    jurisdiction: str


@strawberry.type(description="An indicator's value of the script; `value: null` is unknown.")
class ScriptedIndicator:
    """One measured value."""

    indicator: str
    jurisdiction: str
    value: float | None


@strawberry.type(
    description="A fact of the script; until it comes only who runs the exercise sees it."
)
class Inject:
    """What comes, and when."""

    id: strawberry.ID
    key: str
    kind: InjectKind
    offset_minutes: int
    text: Wording | None
    signal: ScriptedSignal | None
    incident: ScriptedIncident | None
    figures: ScriptedFigures | None
    report: ScriptedReport | None
    indicator: ScriptedIndicator | None
    due_at: datetime | None
    delivered_at: datetime | None


@strawberry.type(description="How one step went; minutes count from its being owed.")
class StepScore:
    """One step of the version, asked for or not."""

    plan_id: str
    plan_version: str
    step: str
    title: str = fields.label("title")
    level: ResponseLevel | None
    organization: Organization | None = fields.joined("StepScore.organization")
    outcome: StepOutcome
    allowed_minutes: float | None
    minutes: float | None
    acknowledged_minutes: float | None
    note: str | None


@strawberry.type(description="Whether a measure was ordered, and who carried it out.")
class MeasureScore:
    """One measure of the version."""

    code: str
    text: str = fields.label("text")
    ordered_at: datetime | None
    carried_out_at: datetime | None = strawberry.field(description="When all addressees had.")
    addressees: list[str] = fields.listed("addressees")
    done_by: list[str] = fields.listed("doneBy")


@strawberry.type(description="In what time what one owed another was answered.")
class HandOffScore:
    """One measured link."""

    kind: str
    owed_by: Organization | None = fields.joined("HandOffScore.owedBy")
    owed_to: Organization | None = fields.joined("HandOffScore.owedTo")
    outcome: StepOutcome
    allowed_minutes: float
    minutes: float | None
    confirmed_minutes: float | None


@strawberry.type(description="How many steps went so.")
class OutcomeCount:
    """One outcome and its count."""

    outcome: StepOutcome
    count: int


@strawberry.type(
    description="Figures of an exercise as far as the viewer may see its records. Rates are 0-1 of "
    "what was on time, late or not done; null where nothing counts."
)
class ExerciseScore:
    """Steps, measures and hand-offs, as of the end, or as of now while it runs."""

    as_of: datetime
    steps: list[StepScore] = fields.listed("steps")
    measures: list[MeasureScore] = fields.listed("measures")
    hand_offs: list[HandOffScore] = fields.listed("handOffs")
    outcomes: list[OutcomeCount] = fields.listed("outcomes")
    steps_on_time_rate: float | None
    measures_ordered: int
    measures_carried_out: int
    hand_offs_on_time_rate: float | None
    injects: int
    injects_delivered: int


@strawberry.type(description="A rehearsal of people: one plan version, played by who takes part.")
class Exercise(Node):
    """What is rehearsed, by whom, when; nobody but who takes part is told of anything in it."""

    version: int
    mode: Mode
    type: ExerciseType
    state: ExerciseState
    title: str = fields.label("title")
    plan_version: PlanVersionRef | None = fields.joined("Exercise.planVersion")
    jurisdiction: Jurisdiction | None = fields.joined("Exercise.jurisdiction")
    organization: Organization | None = fields.joined(
        "Exercise.organization", description="Who runs it."
    )
    participants: list[Organization] | None = fields.joined_many("Exercise.participants")
    planned_from: datetime
    planned_to: datetime
    objectives: list[Objective] = fields.listed("objectives")
    started_at: datetime | None
    ended_at: datetime | None
    drilled_at: datetime | None = strawberry.field(
        description="When it drilled its plan: at its end, once it was played to it."
    )
    decided_by: str | None
    reason: str | None
    provenance: Provenance | None = strawberry.field(
        description="Where it was played, if its record was brought here."
    )
    injects: list[Inject] | None = fields.joined("Exercise.injects")
    score: ExerciseScore | None = fields.joined("Exercise.score")
    viewer_permissions: list[Permission] | None = fields.permissions("Exercise")


@strawberry.type(description="One step of a plan, asked for once: when, of whom, and how it went.")
class StepRecord:
    """What org said of its task, or an evaluator of a talk."""

    id: strawberry.ID
    plan_id: str
    plan_version: str
    step: str
    level: ResponseLevel | None
    mode: Mode
    organization: Organization | None = fields.joined("StepRecord.organization")
    exercise: Exercise | None = fields.joined("StepRecord.exercise")
    owed_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    done_at: datetime | None
    outcome: StepOutcome
    minutes: float | None
    allowed_minutes: float
    system_was_up: bool | None
    note: str | None
