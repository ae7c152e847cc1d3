"""What guarantee hears of exercises: signals of the script, and that one is over (PLAN-7)."""

from datetime import timedelta

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.plans import v1 as plans
from services.guarantee import commands
from services.guarantee.commands import SignalForm
from vocabulary import Mode

Over = plans.ExerciseCompleted | plans.ExerciseCancelled


async def on_exercise_injected(uow: UnitOfWork, event: Incoming[plans.ExerciseInjected]) -> None:
    """Put the script's signal in force, as if its agency had sent it, in the exercise."""
    exercise, inject = event.body.exercise, event.body.inject
    if inject.signal is not None:
        form = _form(exercise, inject, inject.signal)
        await commands.inject_signal(uow, form, exercise.id)


async def on_exercise_over(uow: UnitOfWork, event: Incoming[Over]) -> None:
    """End what still stands in it; what it required ends with its activations."""
    await commands.end_signals(uow, event.body.exercise.id)
    await commands.end_warnings(uow, event.body.exercise.id)


def _form(exercise: plans.Exercise, inject: plans.Inject, said: plans.SignalInject) -> SignalForm:
    valid = said.valid_minutes
    return SignalForm(
        identifier=inject.key,
        sender=exercise.id,
        mode=Mode.EXERCISE,
        emergency_type=said.emergency_type,
        colour=said.colour,
        issuer=exercise.title_zh,
        headline_zh=said.headline_zh,
        headline_en=said.headline_en,
        description_zh=inject.text_zh,
        description_en=inject.text_en,
        divisions=said.areas,
        area_geojson=None,
        sent_at=inject.due_at,
        onset=None,
        expires_at=None if valid is None else inject.due_at + timedelta(minutes=valid),
        replaces=said.replaces,
    )


SUBSCRIPTIONS = (
    Subscription(
        service="plans",
        aggregate="exercise",
        on={
            "injected.v1": (plans.ExerciseInjected, on_exercise_injected),
            "completed.v1": (plans.ExerciseCompleted, on_exercise_over),
            "cancelled.v1": (plans.ExerciseCancelled, on_exercise_over),
        },
    ),
)
