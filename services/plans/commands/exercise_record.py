"""Records of exercises that were played elsewhere: checked, and kept as completed exercises here."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import target
from services.plans.commands.learning import learn_soon
from services.plans.commands.upkeep import note_exercise


async def import_record(uow: UnitOfWork, document: bytes, *, by: str) -> domain.Exercise:
    """The exercise of the record is completed here, with all that is kept of it; it drilled its plan.

    The same record again changes nothing. Raises `ExerciseRecordInvalid`,
    `ExerciseRecordPlanDiffers` and `ExerciseRecordDiffers`.
    """
    record, digest = domain.read_record(document)
    uow.authorize("import_record", target.of_exercise(record.exercise, is_new=True))
    present = await store.find_exercise(uow.db, record.exercise.id, lock=True)
    if present is not None:
        domain.expect_same(present, digest)
        return present
    versions = await store.versions_of(uow.db, record.exercise.plan_id)
    plan = next((one for one in versions if one.id == record.exercise.version_id), None)
    plan = domain.expect_plan(record, plan)
    domain.expect_score(record, plan)
    exercise = await store.put_exercise(uow.db, domain.brought(record, digest, by=by, now=uow.now))
    await _keep(uow, record)
    await uow.publish(events.exercise_message(domain.ExerciseCompleted(exercise)))
    await learn_soon(uow, exercise.plan_id, exercise.plan_version)
    await note_exercise(uow, exercise)
    return exercise


async def _keep(uow: UnitOfWork, record: domain.ExerciseRecord) -> None:
    """Everything that the record tells is kept as if it had been played here."""
    for inject in record.injects:
        await store.put_inject(uow.db, replace(inject, version=0))
    for activation in record.activations:
        await store.put_activation(uow.db, replace(activation, version=0))
    for step in record.steps:
        await store.put_step_record(uow.db, replace(step, version=0))
    for measure in record.measures:
        await store.put_measure_record(uow.db, replace(measure, version=0))
    for hand_off in record.hand_offs:
        await store.put_hand_off(uow.db, replace(hand_off, version=0))
