"""How steps went: what org says of tasks, and what evaluators enter of a talk."""

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands import target


async def keep_step(uow: UnitOfWork, heard: domain.HeardTask) -> None:
    """The record of the task is as org last said it; one of no activation of ours is left out."""
    activation = await store.find_activation(uow.db, heard.activation_id)
    if activation is None:
        return
    kept = await store.find_step_record(uow.db, heard.id)
    await store.put_step_record(uow.db, domain.step_record(heard, kept, activation))


async def enter_result(
    uow: UnitOfWork, exercise_id: str, result: domain.StepResult
) -> domain.StepRecord:
    """What the evaluator saw of a step is kept, in place of what was entered of it before.

    Raises `exercise-not-found`, `ExerciseStateWrong`, `NotTalkedThrough` and `StepNotInPlan`.
    """
    exercise = await store.get_exercise(uow.db, exercise_id)
    uow.authorize("enter_result", target.of_exercise(exercise))
    plan = await store.read_plan(uow.db, exercise.version_id)
    kept = await store.find_step_record(uow.db, domain.result_id(exercise.id, result.step))
    record = domain.entered(exercise, plan, result=result, kept=kept, now=uow.now)
    return await store.put_step_record(uow.db, record)
