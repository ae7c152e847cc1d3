"""What officers and commanders do: incidents, signals, obligations, orders, tasks, the log."""

from datetime import datetime

import strawberry

from gateway.scalars import GeoJSON
from gateway.schema.guarantee import AnswerKind
from gateway.schema.incident import IncidentStatus, LogKind
from gateway.schema.inputs.keyed import Because, Expecting, Keyed
from gateway.schema.order import ReceiptStatus
from vocabulary import Crs, Mode


@strawberry.input
class FactInput:
    """One figure of one source; without `value` it is unknown, which is not zero."""

    metric: str
    value: float | None = None
    unit: str
    source: str
    observed_at: datetime
    correction_reason: str | None = strawberry.field(
        default=None, description="Needed when the same source said more before."
    )


@strawberry.input
class DeclareIncidentInput(Keyed):
    """Open a verified emergency: it is numbered, graded, and gets its command."""

    jurisdiction: str
    emergency_type: str
    title: str
    place: GeoJSON
    place_crs: Crs = Crs.WGS84
    address: str | None = None
    facts: list[FactInput] = strawberry.field(default_factory=list)
    from_reports: list[strawberry.ID] = strawberry.field(default_factory=list)
    occurred_at: datetime | None = None
    mode: Mode = Mode.REAL
    exercise_id: strawberry.ID | None = None
    not_a_duplicate_of: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Candidates of a POSSIBLE_DUPLICATE that it is not."
    )


@strawberry.input
class RecordFactsInput(Expecting):
    """Keep figures beside those that are there; `attention` names those that wait."""

    incident: strawberry.ID
    facts: list[FactInput]


@strawberry.input
class ConfirmFigureInput(Expecting):
    """Let a figure count that would raise the grade by two: a second person's word."""

    incident: strawberry.ID
    figure: strawberry.ID


@strawberry.input
class ChangeIncidentStatusInput(Because):
    """Move the incident on."""

    incident: strawberry.ID
    status: IncidentStatus


@strawberry.input
class MergeIncidentInput(Expecting):
    """Make the incident part of another one."""

    incident: strawberry.ID
    into: strawberry.ID


@strawberry.input
class UnmergeIncidentInput(Expecting):
    """Let the merged incident stand for itself again."""

    incident: strawberry.ID


@strawberry.input
class CloseIncidentInput(Expecting):
    """End the incident; refused with the list of what is open or out."""

    incident: strawberry.ID


@strawberry.input
class AnswerSignalInput(Keyed):
    """Answer the signal for the organization that owes it."""

    signal: strawberry.ID
    answer: AnswerKind
    reason: str


@strawberry.input
class ConfirmObligationInput(Keyed):
    """Confirm that the caller, in that post, knows: the due time runs on."""

    obligation: strawberry.ID
    post: strawberry.ID
    expected_version: int | None = None


@strawberry.input
class ReportObligationInput(Expecting):
    """Report an emergency override to supervision; the report goes into the duty log, signed."""

    obligation: strawberry.ID
    text: str


@strawberry.input
class WaiveObligationInput(Because):
    """Take the obligation back, with the reason."""

    obligation: strawberry.ID


@strawberry.input
class IssueOrderInput(Expecting):
    """Sign the draft: it gets its number and binds its addressees."""

    order: strawberry.ID
    measures: list[str] | None = strawberry.field(
        default=None, description="Codes; all that the law does not refuse, when absent."
    )
    post: strawberry.ID | None = None


@strawberry.input
class ReceiptOrderInput(Keyed):
    """Confirm the order for the caller's organization, or say that it is carried out."""

    order: strawberry.ID
    status: ReceiptStatus
    expected_version: int | None = None


@strawberry.input
class LiftOrderInput(Because):
    """End the order."""

    order: strawberry.ID


@strawberry.input
class ReviseSituationReportInput(Expecting):
    """Put words on cause, trend and requests beside the facts of now; a signature falls."""

    report: strawberry.ID
    note: str


@strawberry.input
class PhoneSituationReportInput(Expecting):
    """Record that the superior was told by telephone: who, and when if not now."""

    report: strawberry.ID
    to: str
    at: datetime | None = None


@strawberry.input
class SignSituationReportInput(Expecting):
    """Sign what the report says: it is frozen. Whoever drafted it does not sign it."""

    report: strawberry.ID
    post: strawberry.ID | None = None


@strawberry.input
class SendSituationReportInput(Expecting):
    """Hand the signed report upward; an urgent one is phoned before."""

    report: strawberry.ID
    recipient: strawberry.ID | None = strawberry.field(
        default=None, description="If not the next level; who skips a level says why."
    )
    reason: str | None = None


@strawberry.input
class ReceiptSituationReportInput(Keyed):
    """Say for the organization that it was sent to that it has the report."""

    report: strawberry.ID
    reference: str | None = None
    expected_version: int | None = None


@strawberry.input
class AcknowledgeTaskInput(Expecting):
    """Say that the caller's organization knows of its task."""

    task: strawberry.ID


@strawberry.input
class CompleteTaskInput(Expecting):
    """Say that the step is done."""

    task: strawberry.ID
    note: str | None = None


@strawberry.input
class DeclineTaskInput(Because):
    """Say that the organization will not or cannot, and why."""

    task: strawberry.ID


@strawberry.input
class AddLogEntryInput(Keyed):
    """Sign a line in the duty log; of an incident, it takes the incident's division and mode."""

    incident: strawberry.ID | None = None
    jurisdiction: str
    at: datetime
    kind: LogKind
    text: str
    post: strawberry.ID | None = None
    mode: Mode = Mode.REAL


@strawberry.input
class StrikeLogEntryInput(Because):
    """Strike the line with a reason; it stays readable."""

    entry: strawberry.ID
