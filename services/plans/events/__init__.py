"""What the plan system says: domain events as messages of the contract."""

from chassis.messages import Published
from contracts.plans import v1 as contract
from services.plans.events import exercise, override, revision_proposal
from services.plans.events.activation import activation_message, reanswered_message
from services.plans.events.consultation import ConsultationEvent, consultation_message
from services.plans.events.cycle import cycle_message
from services.plans.events.exercise import exercise_message
from services.plans.events.life_cycle import PlanEvent, plan_version_message
from services.plans.events.override import override_message
from services.plans.events.plan import plan_message
from services.plans.events.revision_proposal import revision_message

PUBLISHED = (
    Published(
        aggregate="plan",
        event="state",
        body=contract.PlanState,
        meaning="A plan version was published or retired; with the thresholds that the plan watches.",
        state=True,
    ),
    Published(
        aggregate="activation",
        event="proposed",
        body=contract.ActivationProposed,
        meaning="Conditions give a level that a person must sign; the content is that level's.",
    ),
    Published(
        aggregate="activation",
        event="started",
        body=contract.ActivationStarted,
        meaning="A level is in force where none was.",
    ),
    Published(
        aggregate="activation",
        event="raised",
        body=contract.ActivationRaised,
        meaning="A more severe level is in force.",
    ),
    Published(
        aggregate="activation",
        event="lowered",
        body=contract.ActivationLowered,
        meaning="A less severe level is in force.",
    ),
    Published(
        aggregate="activation",
        event="maintained",
        body=contract.ActivationMaintained,
        meaning="Something new was weighed, or a proposal withdrawn, and what is in force stands.",
    ),
    Published(
        aggregate="activation",
        event="declined",
        body=contract.ActivationDeclined,
        meaning="A person declined what was proposed; what is in force stands.",
    ),
    Published(
        aggregate="activation",
        event="ended",
        body=contract.ActivationEnded,
        meaning="Nothing of the activation is in force or proposed any more.",
    ),
    Published(
        aggregate="activation",
        event="reanswered",
        body=contract.ActivationReanswered,
        meaning="Law or holder changed: what the law says to measures is not what it was.",
    ),
    *override.PUBLISHED,
    Published(
        aggregate="plan_version",
        event="status_changed",
        body=contract.PlanVersionStatusChanged,
        meaning="A version went from one status of its life to another; told under the plan's id.",
    ),
    Published(
        aggregate="plan_version",
        event="revision_triggered",
        body=contract.PlanVersionRevisionTriggered,
        meaning="Something asks for a revision of a version in force or to come.",
    ),
    Published(
        aggregate="plan_version",
        event="drilled",
        body=contract.PlanVersionDrilled,
        meaning="The plan was drilled, in an exercise of this system or elsewhere.",
    ),
    Published(
        aggregate="plan_version",
        event="reviewed",
        body=contract.PlanVersionReviewed,
        meaning="The plan was reviewed and found fit to stand, or in need of revision.",
    ),
    Published(
        aggregate="consultation",
        event="opened",
        body=contract.ConsultationOpened,
        meaning="A version is in review; the organizations named are asked until their deadlines.",
    ),
    Published(
        aggregate="consultation",
        event="answered",
        body=contract.ConsultationAnswered,
        meaning="A consulted organization has given its opinion.",
    ),
    Published(
        aggregate="consultation",
        event="closed",
        body=contract.ConsultationClosed,
        meaning="The version was approved or sent back to draft.",
    ),
    Published(
        aggregate="cycle",
        event="due",
        body=contract.CycleDue,
        meaning="A plan has to be drilled or reviewed soon; at the instant its lead time began.",
    ),
    Published(
        aggregate="cycle",
        event="overdue",
        body=contract.CycleOverdue,
        meaning="A plan was not drilled or reviewed in time; at the due time.",
    ),
    Published(
        aggregate="cycle",
        event="met",
        body=contract.CycleMet,
        meaning="A plan was drilled or reviewed as its cycle asked; with when it is due again.",
    ),
    *exercise.PUBLISHED,
    *revision_proposal.PUBLISHED,
)

__all__ = [
    "PUBLISHED",
    "ConsultationEvent",
    "PlanEvent",
    "activation_message",
    "consultation_message",
    "cycle_message",
    "exercise_message",
    "override_message",
    "plan_message",
    "plan_version_message",
    "reanswered_message",
    "revision_message",
]
