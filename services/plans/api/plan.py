"""Plan files in and out, their publication, and lists of versions."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.errors import Invalid
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries

router = APIRouter(tags=["plans"])

_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "text/yaml": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}

Paging = Annotated[PageRequest, Depends(edge.page)]
AnEdge = Annotated[Edge, Depends(edge.edge)]


class NotText(Invalid):
    """The body is not text in UTF-8."""

    slug = "not-utf8"


class PublishPlan(Body):
    """Which state of the draft is meant."""

    expected_version: int | None = None


@router.post(
    "/v1/plans",
    status_code=201,
    responses=edge.answers(queries.PlanVersionView),
    openapi_extra=_FILE,
)
async def import_plan(request: Request, edge: AnEdge) -> Response:
    """Keep a plan file (YAML or JSON, see GET /v1/plans/schema) as a draft."""
    text = await text_of(request)

    async def command(uow: UnitOfWork) -> queries.PlanVersionView:
        return queries.plan_view(await commands.import_plan(uow, text))

    return await edge.command(command, status=201)


@router.post(
    "/v1/plans/{plan_id}/versions/{plan_version}/publish",
    responses=edge.answers(queries.PlanVersionView),
)
async def publish_plan(
    plan_id: str, plan_version: str, body: PublishPlan, edge: AnEdge
) -> Response:
    """Publish a draft: from then on it is immutable, and in force from its effective date."""

    async def command(uow: UnitOfWork) -> queries.PlanVersionView:
        published = await commands.publish_plan(
            uow, plan_id, plan_version=plan_version, expected_version=body.expected_version
        )
        return queries.plan_view(published)

    return await edge.command(command)


@router.get("/v1/plans", responses=edge.answers(Page[queries.PlanVersionView]))
async def list_plans(
    edge: AnEdge,
    page: Paging,
    plan_id: Annotated[str | None, Query(alias="planId")] = None,
    jurisdiction: str | None = None,
    status: domain.PlanStatus | None = None,
) -> Response:
    """Versions of plans, by plan and effective date."""
    return await edge.read(
        lambda db: queries.plan_versions(
            db, page, plan_id=plan_id, jurisdiction=jurisdiction, status=status
        )
    )


@router.get("/v1/plans/schema", responses=edge.answers(dict[str, Any]))
async def plan_schema() -> dict[str, object]:
    """The JSON Schema that plan files are checked against."""
    return domain.schema()


@router.get(
    "/v1/plans/{plan_id}/versions/{plan_version}", responses=edge.answers(queries.PlanFileView)
)
async def get_plan_file(plan_id: str, plan_version: str, edge: AnEdge) -> Response:
    """One version with its text as written."""
    return await edge.read(lambda db: queries.plan_file(db, plan_id, plan_version))


router.include_router(
    edge.batch("planVersions", queries.PlanVersionView, queries.plan_versions_by_id)
)


async def text_of(request: Request) -> str:
    """The body as text. Raises `NotText`."""
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotText("The plan file is not UTF-8.", remedy="Save it as UTF-8.") from error
