"""What the plan system says: domain events as messages of the contract."""

from chassis.messages import Published
from contracts.plans import v1 as contract
from services.plans.events import exercise, override, revision_proposal
from services.plans.events.activation import activation_message, reanswered_message
from services.plans.events.exercise import exercise_message
from services.plans.events.override import override_message
from services.plans.events.plan import plan_message
from services.plans.events.revision_proposal import revision_message

PUBLISHED = (
    Published(
        aggregate="plan",
        event="state",
        body=contract.PlanState,
        meaning="A plan version was published; with the thresholds that the plan watches.",
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
    *exercise.PUBLISHED,
    *revision_proposal.PUBLISHED,
)

__all__ = [
    "PUBLISHED",
    "activation_message",
    "exercise_message",
    "override_message",
    "plan_message",
    "reanswered_message",
    "revision_message",
]
