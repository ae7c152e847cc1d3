"""Exercises: planned from a file, started, fed with the facts of their script, ended."""

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import target
from services.plans.commands.evaluation import tell
from services.plans.commands.indicator import record_reading
from services.plans.commands.learning import learn_soon
from services.plans.commands.upkeep import note_exercise
from vocabulary import INDICATORS, Mode

DELIVER_INJECT = "deliver_inject"


async def plan_exercise(uow: UnitOfWork, text: str) -> domain.Exercise:
    """The exercise of the file will take place.

    Raises `ExerciseFileInvalid`, `plan-not-found` and `ExercisePlanMismatch`.
    """
    script = domain.parse_exercise(text, uow.new_id)
    uow.authorize("plan_exercise", target.of_exercise(script.exercise, is_new=True))
    plan = await store.read_plan(uow.db, script.exercise.version_id)
    exercise, planned = domain.plan_exercise(script.exercise, plan)
    exercise = await store.put_exercise(uow.db, exercise)
    await store.put_injects(uow.db, script.injects)
    await uow.publish(events.exercise_message(planned))
    return exercise


async def start_exercise(
    uow: UnitOfWork, id: str, *, by: str, expected_version: int | None
) -> domain.Exercise:
    """Its script runs from now on: each fact comes when its time does. Raises `ExerciseStateWrong`."""
    planned = await _get(uow, "start_exercise", id, expected_version)
    exercise, started = domain.start_exercise(planned, uow.now, by)
    exercise = await store.put_exercise(uow.db, exercise)
    await uow.publish(events.exercise_message(started))
    for one in await store.injects_of(uow.db, id):
        timed = await store.put_inject(uow.db, domain.due(one, exercise))
        assert timed.due_at is not None  # `due` has just said when
        await uow.schedule(
            _timer(timed),
            due_at=timed.due_at,
            command=DELIVER_INJECT,
            payload={"inject": timed.id},
        )
    return exercise


async def deliver_inject(uow: UnitOfWork, inject_id: str) -> None:
    """The fact has come and is told, once; an indicator's value is weighed at once."""
    found = await store.get_inject(uow.db, inject_id)
    exercise = await store.get_exercise(uow.db, found.exercise_id)
    inject, injected = domain.deliver(found, exercise, uow.now)
    if injected is None:
        return
    await store.put_inject(uow.db, inject)
    await uow.publish(events.exercise_message(injected))
    part = injected.inject.indicator
    if part is not None:
        await record_reading(uow, _reading(uow, exercise, inject, part))


async def complete_exercise(
    uow: UnitOfWork, id: str, *, by: str, expected_version: int | None
) -> domain.Exercise:
    """It is over and can be scored, and its plan counts as drilled; nothing of it is in force.

    Raises `ExerciseStateWrong`.
    """
    running = await _get(uow, "complete_exercise", id, expected_version)
    exercise, completed = domain.complete_exercise(running, uow.now, by)
    await learn_soon(uow, exercise.plan_id, exercise.plan_version)
    stored = await _end(uow, exercise, completed)
    await note_exercise(uow, stored)
    return stored


async def cancel_exercise(
    uow: UnitOfWork, id: str, *, by: str, reason: str, expected_version: int | None
) -> domain.Exercise:
    """It is not played, or not any further. Raises `ExerciseStateWrong`."""
    present = await _get(uow, "cancel_exercise", id, expected_version)
    exercise, cancelled = domain.cancel_exercise(present, uow.now, by=by, reason=reason)
    return await _end(uow, exercise, cancelled)


async def _get(
    uow: UnitOfWork, action: str, id: str, expected_version: int | None
) -> domain.Exercise:
    """The exercise, locked, that the caller may do this to."""
    exercise = await store.get_exercise(uow.db, id)
    uow.authorize(action, target.of_exercise(exercise))
    await documents.current(uow.db, store.exercise, exercise, expected_version)
    return exercise


async def _end(
    uow: UnitOfWork, exercise: domain.Exercise, said: domain.ExerciseEvent
) -> domain.Exercise:
    stored = await store.put_exercise(uow.db, exercise)
    for inject in await store.injects_of(uow.db, exercise.id):
        await uow.unschedule(_timer(inject))
    await _end_activations(uow, exercise)
    await uow.publish(events.exercise_message(said))
    return stored


async def _end_activations(uow: UnitOfWork, exercise: domain.Exercise) -> None:
    """Nothing that the exercise put in force is any more; no plan looks at it again."""
    of = Mode.EXERCISE
    seen = await store.open_activations(uow.db, of, exercise_id=exercise.id)
    await store.lock_plans(uow.db, sorted({one.plan_id for one in seen}))
    for one in await store.open_activations(uow.db, of, exercise_id=exercise.id):
        ended, event = domain.end_with_exercise(one, exercise)
        await store.put_activation(uow.db, ended)
        await tell(uow, [event])
        watch = domain.watch_id(one.plan_id, of, exercise_id=exercise.id)
        await uow.unschedule(f"evaluate/{watch}")


def _reading(
    uow: UnitOfWork, exercise: domain.Exercise, inject: domain.Inject, part: domain.IndicatorPart
) -> domain.Reading:
    return domain.Reading(
        id=domain.reading_id(
            part.indicator, part.jurisdiction, Mode.EXERCISE, exercise_id=exercise.id
        ),
        indicator=part.indicator,
        jurisdiction=part.jurisdiction,
        mode=Mode.EXERCISE,
        value=part.value,
        unit=INDICATORS[part.indicator].unit,
        quality=1.0,
        as_of=inject.due_at or uow.now,
        recorded_at=uow.now,
        exercise_id=exercise.id,
    )


def _timer(inject: domain.Inject) -> str:
    return f"inject/{inject.id}"
