"""What guarantee hears of plans: activations, and what they require while in force."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.plans import v1 as plans
from services.guarantee import commands
from services.guarantee.domain.activation import Activation, ActivationState, Need, cause
from vocabulary import Place

Known = plans.ActivationProposed | plans.ActivationMaintained | plans.ActivationDeclined
Requiring = plans.ActivationStarted | plans.ActivationRaised | plans.ActivationLowered


async def on_activation_told(uow: UnitOfWork, event: Incoming[Known]) -> None:
    """Keep the activation and its cause: nothing is required by it now that was not before."""
    await commands.learn_of_activation(uow, _activation(event.body.activation, event.version))


async def on_activation_in_force(uow: UnitOfWork, event: Incoming[Requiring]) -> None:
    """Require what the level in force asks for, no more and no less."""
    told = event.body.activation
    needs = tuple(_need(one) for one in told.requirements)
    await commands.require_for_activation(uow, _activation(told, event.version), needs)


async def on_activation_ended(uow: UnitOfWork, event: Incoming[plans.ActivationEnded]) -> None:
    """Require nothing any more and let everything go."""
    told = _activation(event.body.activation, event.version)
    await commands.require_for_activation(uow, told, ())


def _activation(told: plans.Activation, version: int) -> Activation:
    return Activation(
        id=told.id,
        mode=told.mode,
        exercise_id=told.exercise_id,
        state=ActivationState(told.state),
        jurisdiction=told.jurisdiction,
        level=told.level,
        incident_id=told.incident_id,
        causes=(cause(told.cause.kind, told.cause.id),),
        heard=version,
    )


def _need(told: plans.Requirement) -> Need:
    place = told.place
    return Need(
        key=told.id,
        capability=told.capability,
        quantity=told.quantity,
        unit=told.unit,
        place=None if place is None else Place(place.longitude, place.latitude),
        within_minutes=told.within_minutes,
        severity=told.severity or 1,
    )


SUBSCRIPTIONS = (
    Subscription(
        service="plans",
        aggregate="activation",
        on={
            "proposed.v1": (plans.ActivationProposed, on_activation_told),
            "started.v1": (plans.ActivationStarted, on_activation_in_force),
            "raised.v1": (plans.ActivationRaised, on_activation_in_force),
            "lowered.v1": (plans.ActivationLowered, on_activation_in_force),
            "maintained.v1": (plans.ActivationMaintained, on_activation_told),
            "declined.v1": (plans.ActivationDeclined, on_activation_told),
            "ended.v1": (plans.ActivationEnded, on_activation_ended),
        },
    ),
)
