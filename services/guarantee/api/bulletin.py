"""Routes of bulletins: drafted, published, corrected, withdrawn; and the feed that anybody reads."""

from dataclasses import replace
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.policy import EVERYTHING
from chassis.runtime import Runtime
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import Because, Code, Expecting, Identity, Line, Text
from services.guarantee.domain.bulletin import Bulletin, BulletinKind, BulletinStatus
from services.guarantee.queries import BulletinView, PublicBulletinView
from vocabulary import Mode

ATOM_XML = "application/atom+xml"
FRESH_S = 30  # a feed is read again after that; who asks with the tag gets 304

router = APIRouter(tags=["bulletins"])
_ONE = edge.answers(BulletinView)


class TextBody(Body):
    """What the public is to be told, in Chinese, and in English where it is."""

    title_zh: Line
    text_zh: Text
    title_en: Line | None = None
    text_en: Text | None = None


class DraftBulletin(TextBody):
    """A new bulletin; of an incident, it takes the incident's division and mode."""

    kind: BulletinKind
    jurisdiction: Code
    incident_id: Identity | None = None
    rumour_id: Identity | None = None
    mode: Mode = Mode.REAL


class CorrectBulletin(TextBody):
    """What is right."""

    expected_version: int


def _form(uow: UnitOfWork, body: TextBody, kind: BulletinKind, code: str, mode: Mode) -> Bulletin:
    return Bulletin(
        id=uow.new_id("bul"),
        kind=kind,
        title_zh=body.title_zh,
        text_zh=body.text_zh,
        title_en=body.title_en,
        text_en=body.text_en,
        jurisdiction=code,
        mode=mode,
        drafted_at=uow.now,
        drafted_by=uow.caller.subject,
    )


@router.post("/v1/bulletins", status_code=201, responses=_ONE)
async def draft_bulletin(
    body: DraftBulletin, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Draft a text for the public, for the approval of a second person."""

    async def draft(uow: UnitOfWork) -> BulletinView:
        form = replace(
            _form(uow, body, body.kind, body.jurisdiction, body.mode),
            incident_id=body.incident_id,
            rumour_id=body.rumour_id,
        )
        return queries.bulletin_view(await commands.draft_bulletin(uow, form))

    return await edge.command(draft, status=201)


@router.post("/v1/bulletins/{id}/publish", responses=_ONE)
async def publish_bulletin(
    id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Tell the public: a commander of the division who did not draft it."""

    async def publish(uow: UnitOfWork) -> BulletinView:
        told = await commands.publish_bulletin(uow, id, expected_version=body.expected_version)
        return queries.bulletin_view(told)

    return await edge.command(publish)


@router.post("/v1/bulletins/{id}/reject", responses=_ONE)
async def reject_bulletin(
    id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Lay a draft aside."""

    async def reject(uow: UnitOfWork) -> BulletinView:
        rejected = await commands.reject_bulletin(
            uow, id, reason=body.reason, expected_version=body.expected_version
        )
        return queries.bulletin_view(rejected)

    return await edge.command(reject)


@router.post("/v1/bulletins/{id}/correct", status_code=201, responses=_ONE)
async def correct_bulletin(
    id: str, body: CorrectBulletin, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Draft what puts it right; published, it marks the other as corrected."""

    async def correct(uow: UnitOfWork) -> BulletinView:
        form = _form(uow, body, BulletinKind.UPDATE, "000000", Mode.REAL)
        draft = await commands.correct_bulletin(
            uow, id, form, expected_version=body.expected_version
        )
        return queries.bulletin_view(draft)

    return await edge.command(correct, status=201)


@router.post("/v1/bulletins/{id}/withdraw", responses=_ONE)
async def withdraw_bulletin(
    id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Take it back with the reason, which the public reads."""

    async def withdraw(uow: UnitOfWork) -> BulletinView:
        withdrawn = await commands.withdraw_bulletin(
            uow, id, reason=body.reason, expected_version=body.expected_version
        )
        return queries.bulletin_view(withdrawn)

    return await edge.command(withdraw)


@router.get("/v1/bulletins", responses=edge.answers(Page[BulletinView]))
async def list_bulletins(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Annotated[Mode, Query()] = Mode.REAL,
    status: Annotated[BulletinStatus | None, Query()] = None,
    jurisdiction: Annotated[Code | None, Query()] = None,
    incident: Annotated[Identity | None, Query()] = None,
) -> Response:
    """List bulletins and drafts, newest first."""
    return await edge.read(
        lambda db: queries.bulletins(
            db, page, mode=mode, status=status, jurisdiction=jurisdiction, incident=incident
        )
    )


@router.get(
    "/v1/public/bulletins",
    responses=edge.answers(list[PublicBulletinView]),
    openapi_extra=edge.routed("/public/bulletins", largest_body=0),
)
async def public_bulletins(
    request: Request,
    jurisdiction: Annotated[Code | None, Query()] = None,
    first: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Tell anybody, without a token, what the public was told: the newest first."""
    told = await _told(request, jurisdiction, first)
    return _fresh(request, told, msgspec.json.encode(told), "application/json")


@router.get(
    "/v1/public/bulletins.atom",
    response_class=Response,
    openapi_extra=edge.routed("/feeds/bulletins.atom", largest_body=0),
)
async def public_feed(
    request: Request,
    jurisdiction: Annotated[Code | None, Query()] = None,
    first: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Tell the same as an Atom feed."""
    told = await _told(request, jurisdiction, first)
    return _fresh(request, told, queries.atom(told, jurisdiction=jurisdiction), ATOM_XML)


@router.get("/v1/bulletins/{id}", responses=_ONE)
async def get_bulletin(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one bulletin."""
    return await edge.read(lambda db: queries.bulletin(db, id))


async def _told(request: Request, jurisdiction: str | None, first: int) -> list[PublicBulletinView]:
    """Return what is public; the statement itself leaves everything else out."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.seen_by(EVERYTHING) as db:
        return await queries.public_bulletins(db, jurisdiction=jurisdiction, first=first)


def _fresh(
    request: Request, told: list[PublicBulletinView], body: bytes, media_type: str
) -> Response:
    """Answer with the tag of what is told, or 304 to who has it."""
    headers = {"ETag": queries.feed_tag(told), "Cache-Control": f"public, max-age={FRESH_S}"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


for _name, _view, _read in (
    ("bulletins", BulletinView, queries.bulletins_by_id),
    ("bulletins-by-incident", list[BulletinView], queries.bulletins_by_incident),
):
    router.include_router(edge.batch(_name, _view, _read))
