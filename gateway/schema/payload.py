"""What mutations answer: the outcome or the refusals, and the id that finds every effect."""

import strawberry

from gateway.schema.coordination import CoordinationRequest
from gateway.schema.disclosure import Bulletin, Rumour
from gateway.schema.exercise import Exercise
from gateway.schema.guarantee import Dispatch, EarlyWarning, SignalResponse
from gateway.schema.incident import Incident, LogEntry
from gateway.schema.obligation import Obligation
from gateway.schema.order import Order
from gateway.schema.override import Override
from gateway.schema.plan_life import Consultation
from gateway.schema.plan_version import PlanVersion
from gateway.schema.plans import Activation
from gateway.schema.refusal import UserError
from gateway.schema.revision import RevisionProposal
from gateway.schema.situation_report import SituationReport
from gateway.schema.task import Task


@strawberry.type
class Payload:
    """What all payloads have."""

    correlation_id: strawberry.ID | None = strawberry.field(
        description="Finds every effect that follows: in `events`, in the feeds, in the log."
    )
    errors: list[UserError] = strawberry.field(
        description="If not empty nothing has changed and the outcome is null."
    )


@strawberry.type
class IncidentPayload(Payload):
    """The incident after the command."""

    incident: Incident | None


@strawberry.type
class SignalResponsePayload(Payload):
    """The response to the signal as it stands."""

    response: SignalResponse | None


@strawberry.type
class ActivationPayload(Payload):
    """The activation after the decision."""

    activation: Activation | None


@strawberry.type
class OverridePayload(Payload):
    """The override after the decision."""

    override: Override | None


@strawberry.type
class PlanPayload(Payload):
    """The plan version after the step."""

    plan: PlanVersion | None


@strawberry.type
class ConsultationPayload(Payload):
    """The consultation after the command."""

    consultation: Consultation | None


@strawberry.type
class ExercisePayload(Payload):
    """The exercise after the command."""

    exercise: Exercise | None


@strawberry.type
class RevisionProposalPayload(Payload):
    """The proposal after the decision."""

    proposal: RevisionProposal | None


@strawberry.type
class WarningPayload(Payload):
    """The early warning after the command."""

    warning: EarlyWarning | None


@strawberry.type
class ObligationPayload(Payload):
    """The obligation after the confirmation."""

    obligation: Obligation | None


@strawberry.type
class OrderPayload(Payload):
    """The order after the command."""

    order: Order | None


@strawberry.type
class CoordinationRequestPayload(Payload):
    """The request after the command."""

    request: CoordinationRequest | None


@strawberry.type
class BulletinPayload(Payload):
    """The bulletin after the command."""

    bulletin: Bulletin | None


@strawberry.type
class RumourPayload(Payload):
    """The rumour after the command."""

    rumour: Rumour | None


@strawberry.type
class SituationReportPayload(Payload):
    """The report after the command."""

    report: SituationReport | None


@strawberry.type
class TaskPayload(Payload):
    """The task after the command."""

    task: Task | None


@strawberry.type
class LogEntryPayload(Payload):
    """The entry as it was written."""

    entry: LogEntry | None


@strawberry.type
class DispatchPayload(Payload):
    """The dispatch after the command."""

    dispatch: Dispatch | None
