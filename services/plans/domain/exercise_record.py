"""The record of an exercise as one JSON file: made where it was played, checked where it is brought.

A rehearsal's clock can be stepped, production's cannot: an exercise that was played in a rehearsal
comes to production as its record, and counts there as one that was completed.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from chassis.errors import Conflict, Invalid
from services.plans.domain.activation import Activation
from services.plans.domain.exercise import Exercise, ExerciseState, ExerciseStateWrong, Provenance
from services.plans.domain.hand_off import HandOff
from services.plans.domain.inject import Inject
from services.plans.domain.measure_record import MeasureRecord
from services.plans.domain.plan import Plan
from services.plans.domain.score import Played, Score, score
from services.plans.domain.step_record import StepRecord
from vocabulary import Mode

FORMAT = "uem-exercise-record/1"


class ExerciseRecordInvalid(Invalid):
    """The file is no record of a completed exercise, or was changed after it was made."""

    slug = "exercise-record-invalid"


class ExerciseRecordPlanDiffers(Conflict):
    """The plan version that was exercised is not here, or reads otherwise here."""

    slug = "exercise-record-plan-differs"


class ExerciseRecordDiffers(Conflict):
    """Another record of the same exercise is here already."""

    slug = "exercise-record-differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseRecord:
    """Everything that is kept of a completed exercise: facts, decisions, steps with their times, score.

    `activations` are the decisions, with who made them; `plan_digest` is the SHA-256 of the text of
    the version exercised.
    """

    format: str
    deployment: str
    exported_at: datetime
    plan_digest: str
    exercise: Exercise
    injects: tuple[Inject, ...]
    activations: tuple[Activation, ...]
    steps: tuple[StepRecord, ...]
    measures: tuple[MeasureRecord, ...]
    hand_offs: tuple[HandOff, ...]
    score: Score


def export_record(
    played: Played, activations: tuple[Activation, ...], *, deployment: str, now: datetime
) -> bytes:
    """The record as JSON, sealed with the SHA-256 of its content. Raises `ExerciseStateWrong`."""
    if played.exercise.state is not ExerciseState.COMPLETED:
        raise ExerciseStateWrong(
            f"The exercise is {played.exercise.state}: there is nothing to hand on yet.",
            currentStatus=played.exercise.state,
        )
    record = ExerciseRecord(
        format=FORMAT,
        deployment=deployment,
        exported_at=now,
        plan_digest=plan_digest(played.plan),
        exercise=played.exercise,
        injects=played.injects,
        activations=activations,
        steps=played.steps,
        measures=played.measures,
        hand_offs=played.hand_offs,
        score=score(played, now),
    )
    content = msgspec.json.encode(record, order="deterministic")
    sealed = {"digest": _digest(content), "record": msgspec.Raw(content)}
    return msgspec.json.encode(sealed)


def read_record(document: bytes) -> tuple[ExerciseRecord, str]:
    """The record in the file, with its digest. Raises `ExerciseRecordInvalid`."""
    try:
        sealed = msgspec.json.decode(document, type=dict[str, Any])
        record = msgspec.convert(sealed["record"], ExerciseRecord, strict=False)
        content = msgspec.json.encode(record, order="deterministic")
        digest = str(sealed["digest"])
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise ExerciseRecordInvalid(f"This is no record of an exercise: {error}.") from error
    if digest != _digest(content):
        raise ExerciseRecordInvalid(
            "The record is not as it was made: its digest differs.",
            remedy="Export it again where the exercise was played.",
        )
    _check(record)
    return record, digest


def expect_plan(record: ExerciseRecord, plan: Plan | None) -> Plan:
    """The version exercised, which is here word for word. Raises `ExerciseRecordPlanDiffers`."""
    if plan is None or plan_digest(plan) != record.plan_digest:
        raise ExerciseRecordPlanDiffers(
            f"{record.exercise.version_id} {'reads otherwise here' if plan else 'is not here'}.",
            remedy="Import the version that was exercised, and then its record.",
        )
    return plan


def expect_score(record: ExerciseRecord, plan: Plan) -> None:
    """Pass when the score follows from what the record tells. Raises `ExerciseRecordInvalid`."""
    played = Played(
        exercise=record.exercise,
        plan=plan,
        injects=record.injects,
        steps=record.steps,
        measures=record.measures,
        hand_offs=record.hand_offs,
    )
    if score(played, record.exported_at) != record.score:
        raise ExerciseRecordInvalid("The score does not follow from the record.")


def brought(record: ExerciseRecord, digest: str, *, by: str, now: datetime) -> Exercise:
    """The exercise of the record as it is kept here: completed, and saying where it was played."""
    where = Provenance(record.deployment, record.exported_at, digest, now, by)
    return replace(record.exercise, provenance=where, version=0)


def expect_same(present: Exercise, digest: str) -> None:
    """Pass when this very record was brought before. Raises `ExerciseRecordDiffers`."""
    if present.provenance is None or present.provenance.digest != digest:
        raise ExerciseRecordDiffers(
            f"{present.id} is here already, {'by another record' if present.provenance else 'played here'}.",
            exerciseId=present.id,
        )


def plan_digest(plan: Plan) -> str:
    """The SHA-256 of the version's text."""
    return hashlib.sha256(plan.text.encode()).hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _check(record: ExerciseRecord) -> None:
    """What the digest cannot know: that all of it belongs to one completed exercise."""
    exercise = record.exercise
    if record.format != FORMAT:
        raise ExerciseRecordInvalid(f"The format is {record.format}, not {FORMAT}.")
    if exercise.state is not ExerciseState.COMPLETED or exercise.ended_at is None:
        raise ExerciseRecordInvalid(f"The exercise is {exercise.state}, not completed.")
    told: list[tuple[str, str | None]] = [
        *((one.id, one.exercise_id) for one in record.injects),
        *((one.id, one.exercise_id) for one in record.activations),
        *((one.id, one.exercise_id if one.mode is Mode.EXERCISE else None) for one in record.steps),
        *((one.id, one.exercise_id) for one in record.measures),
        *((one.id, one.exercise_id) for one in record.hand_offs),
    ]
    strangers = [id for id, of in told if of != exercise.id]
    if strangers:
        raise ExerciseRecordInvalid(f"{strangers[0]} does not belong to {exercise.id}.")
