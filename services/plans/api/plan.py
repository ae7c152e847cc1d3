"""Plan files in and out, drafts derived from a superior's, and the municipal plan database."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.errors import Invalid
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from services.plans.api.bodies import Code, Division, Identity, PlanId, PlanVersion

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


class DerivePlan(Body):
    """For which division below, issued by whom; without an id the superior's is made fit."""

    jurisdiction: Code
    organization: Identity
    new_plan_id: (
        Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)] | None
    ) = None
    new_plan_version: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)
    ] = "1"


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
    "/v1/plans/{plan_id}/versions/{plan_version}/derive",
    status_code=201,
    responses=edge.answers(queries.PlanVersionView),
)
async def derive_plan(
    plan_id: PlanId, plan_version: PlanVersion, body: DerivePlan, edge: AnEdge
) -> Response:
    """Keep a draft for a division below, made of this version; what is at risk there is to be written."""

    async def command(uow: UnitOfWork) -> queries.PlanVersionView:
        wanted = domain.Deriver(
            plan_id=body.new_plan_id or "",
            plan_version=body.new_plan_version,
            jurisdiction=body.jurisdiction,
            organization=body.organization,
        )
        superior = domain.version_id(plan_id, plan_version)
        return queries.plan_view(await commands.derive_plan(uow, superior, wanted=wanted))

    return await edge.command(command, status=201)


@router.get("/v1/plans", responses=edge.answers(Page[queries.PlanVersionView]))
async def list_plans(
    edge: AnEdge,
    page: Paging,
    plan_id: Annotated[str | None, Query(alias="planId")] = None,
    jurisdiction: Division = None,
    reach: queries.Reach = queries.Reach.HERE,
    kind: domain.PlanKind | None = None,
    emergency_type: Annotated[str | None, Query(alias="emergencyType", max_length=10)] = None,
    status: Annotated[list[domain.PlanStatus] | None, Query()] = None,
    text: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
    needs_revision: Annotated[bool | None, Query(alias="needsRevision")] = None,
) -> Response:
    """The municipal plan database: versions of plans, by plan and effective date."""
    asked = queries.PlanFilter(
        plan_id=plan_id,
        jurisdiction=jurisdiction,
        reach=reach,
        kind=kind,
        emergency_type=emergency_type,
        status=tuple(status or ()),
        text=text,
        needs_revision=needs_revision,
    )
    return await edge.read(lambda db: queries.plan_versions(db, page, asked))


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
