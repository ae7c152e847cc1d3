"""Exercises: planned from a file, run, ended, scored."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge
from chassis.edge import BatchBody, Body, Edge, masked
from chassis.errors import Invalid
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from services.plans.api.activation import signature
from services.plans.api.plan import text_of
from services.plans.commands import target

router = APIRouter(tags=["exercises"])

Paging = Annotated[PageRequest, Depends(edge.page)]
AnEdge = Annotated[Edge, Depends(edge.edge)]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]

MOST_SCORES = 100  # as a page of exercises

_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "text/yaml": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}


class ExerciseFile(Body):
    """An exercise file as text: YAML or JSON, see GET /v1/exercises/schema."""

    text: str = Field(max_length=1_000_000)


class SeenExercise(Body):
    """Which state of the exercise is meant."""

    expected_version: int | None = None


class CancelExercise(SeenExercise):
    """Why it is not played, or not any further."""

    reason: Reason


class EnterResult(Body):
    """How a step that was talked through went: in so many minutes, or null: it was not done."""

    step: str
    minutes: float | None = Field(default=None, ge=0, le=525_600, allow_inf_nan=False)
    organization_id: str | None = None
    note: str | None = Field(default=None, max_length=2000)


@router.post(
    "/v1/exercises",
    status_code=201,
    responses=edge.answers(queries.ExerciseView),
    openapi_extra=_FILE,
)
async def plan_exercise(request: Request, edge: AnEdge) -> Response:
    """Plan the exercise of a file (YAML or JSON, see GET /v1/exercises/schema)."""
    return await _plan(edge, await text_of(request))


@router.post(
    "/v1/exercises/from-text", status_code=201, responses=edge.answers(queries.ExerciseView)
)
async def plan_exercise_from_text(body: ExerciseFile, edge: AnEdge) -> Response:
    """Plan the exercise of a file that comes inside a JSON body."""
    return await _plan(edge, body.text)


@router.get("/v1/exercises", responses=edge.answers(Page[queries.ExerciseView]))
async def list_exercises(
    edge: AnEdge,
    page: Paging,
    plan_id: Annotated[str | None, Query(alias="planId")] = None,
    jurisdiction: str | None = None,
    state: domain.ExerciseState | None = None,
) -> Response:
    """Exercises, the latest planned first."""
    return await edge.read(
        lambda db: queries.exercises(
            db, page, plan_id=plan_id, jurisdiction=jurisdiction, state=state
        )
    )


@router.get("/v1/exercises/schema", responses=edge.answers(dict[str, Any]))
async def exercise_schema() -> dict[str, object]:
    """The JSON Schema that exercise files are checked against."""
    return domain.exercise_schema()


@router.get("/v1/exercises/{id}", responses=edge.answers(queries.ExerciseView))
async def get_exercise(id: str, edge: AnEdge) -> Response:
    """One exercise."""
    return await edge.read(lambda db: queries.exercise(db, id))


@router.get("/v1/exercises/{id}/record", responses=edge.answers(dict[str, Any]))
async def get_record(id: str, edge: AnEdge) -> Response:
    """The whole record of a completed exercise as one file, to be brought to another deployment."""
    now, deployment = edge.runtime.clock.now(), edge.runtime.settings.deployment

    async def read(db: AsyncConnection) -> bytes:
        record = await queries.exercise_record(db, id, deployment=deployment, now=now)
        edge.require("export_record", (await target.of_exercises(db, [id]))[id])
        return record

    return await edge.read(read)


@router.post("/v1/exercises/records", status_code=201, responses=edge.answers(queries.ExerciseView))
async def import_record(request: Request, edge: AnEdge) -> Response:
    """Bring the record of an exercise that was played elsewhere; the same again changes nothing."""
    document = await request.body()
    by = signature(edge, None).by

    async def bring(uow: UnitOfWork) -> domain.Exercise:
        return await commands.import_record(uow, document, by=by)

    return await _answer(edge, bring, status=201)


@router.get("/v1/exercises/{id}/injects", responses=edge.answers(list[queries.InjectView]))
async def get_injects(id: str, edge: AnEdge) -> Response:
    """The facts of its script: those that have come, and the others for who runs it."""

    async def read(db: AsyncConnection) -> list[queries.InjectView]:
        return (await queries.injects_by_exercise(db, [id], fields=None, args={}))[id]

    return await edge.read(read)


@router.get("/v1/exercises/{id}/score", responses=edge.answers(queries.ScoreView))
async def get_score(id: str, edge: AnEdge) -> Response:
    """How it went, step by step; as of now while it runs."""

    async def read(db: AsyncConnection) -> queries.ScoreView:
        await queries.exercise(db, id)
        return (await queries.scores_by_exercise(db, [id], now=edge.runtime.clock.now()))[id]

    return await edge.read(read)


@router.post("/v1/exercises/{id}/start", responses=edge.answers(queries.ExerciseView))
async def start_exercise(id: str, body: SeenExercise, edge: AnEdge) -> Response:
    """Start it: each fact of the script comes when its time does."""
    by = signature(edge, None).by

    async def start(uow: UnitOfWork) -> domain.Exercise:
        return await commands.start_exercise(uow, id, by=by, expected_version=body.expected_version)

    return await _answer(edge, start)


@router.post("/v1/exercises/{id}/complete", responses=edge.answers(queries.ExerciseView))
async def complete_exercise(id: str, body: SeenExercise, edge: AnEdge) -> Response:
    """End it as played: nothing of it is in force any more, and it is scored."""
    by = signature(edge, None).by

    async def complete(uow: UnitOfWork) -> domain.Exercise:
        return await commands.complete_exercise(
            uow, id, by=by, expected_version=body.expected_version
        )

    return await _answer(edge, complete)


@router.post("/v1/exercises/{id}/cancel", responses=edge.answers(queries.ExerciseView))
async def cancel_exercise(id: str, body: CancelExercise, edge: AnEdge) -> Response:
    """Call it off: it says nothing of the plan."""
    by = signature(edge, None).by

    async def cancel(uow: UnitOfWork) -> domain.Exercise:
        return await commands.cancel_exercise(
            uow, id, by=by, reason=body.reason, expected_version=body.expected_version
        )

    return await _answer(edge, cancel)


@router.post("/v1/exercises/{id}/results", responses=edge.answers(queries.ExerciseView))
async def enter_result(id: str, body: EnterResult, edge: AnEdge) -> Response:
    """Enter how a step of a tabletop exercise went; entered again, it takes the place of the last."""
    result = domain.StepResult(
        step=body.step,
        minutes=body.minutes,
        organization_id=body.organization_id,
        note=body.note,
    )

    async def enter(uow: UnitOfWork) -> queries.ExerciseView:
        await commands.enter_result(uow, id, result)
        return await queries.exercise(uow.db, id)

    return await edge.command(enter)


router.include_router(edge.batch("exercises", queries.ExerciseView, queries.exercises_by_id))
router.include_router(
    edge.batch("injectsByExercise", list[queries.InjectView], queries.injects_by_exercise)
)


@router.post(
    "/v1/batch/scoresByExercise",
    responses=edge.answers(dict[str, queries.ScoreView | None]),
    tags=["batch"],
)
async def batch_scores(body: BatchBody, edge: AnEdge) -> Response:
    """Under each exercise its score, as of now while it runs."""
    if len(body.keys) > MOST_SCORES:
        raise Invalid(f"At most {MOST_SCORES} exercises are scored at once.", field=("keys",))
    fields = None if body.fields is None else frozenset(body.fields)

    async def read(db: AsyncConnection) -> dict[str, Any]:
        now = edge.runtime.clock.now()
        found = await queries.scores_by_exercise(db, body.keys, now=now)
        return {key: masked(found.get(key), fields) for key in body.keys}

    return await edge.read(read)


async def _plan(edge: Edge, text: str) -> Response:
    async def plan(uow: UnitOfWork) -> domain.Exercise:
        return await commands.plan_exercise(uow, text)

    return await _answer(edge, plan, status=201)


async def _answer(
    edge: Edge, decide: Callable[[UnitOfWork], Awaitable[domain.Exercise]], *, status: int = 200
) -> Response:
    async def command(uow: UnitOfWork) -> queries.ExerciseView:
        return queries.exercise_view(await decide(uow))

    return await edge.command(command, status=status)
