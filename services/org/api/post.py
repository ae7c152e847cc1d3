"""Routes of duty posts and their rosters."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Identity, Line
from services.org.queries import PostView
from vocabulary import Mode

router = APIRouter(tags=["posts"])


class ShiftBody(Body):
    """Who holds the post from when to when."""

    person: Line
    starts: AwareDatetime
    ends: AwareDatetime


class PutPost(Body):
    """A post as it is to be; an empty roster is a standing post, `phone` is never shown again."""

    organization: Identity
    title_zh: Line
    title_en: Line
    rung: Annotated[int, Field(ge=0, le=9)]
    channels: tuple[Identity, ...]
    phone: Line | None = None
    modes: tuple[Mode, ...] = (Mode.REAL,)
    roster: tuple[ShiftBody, ...] = ()
    expected_version: int | None = None


@router.put("/v1/posts/{post_id}", responses=edge.answers(PostView))
async def put_post(
    post_id: Identity, body: PutPost, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Make the post as told; a gap in its roster is owed a day before it begins."""
    shifts = tuple(
        domain.Shift(person=one.person, starts=one.starts, ends=one.ends) for one in body.roster
    )
    fields = body.model_dump(exclude={"expected_version", "roster"})
    wanted = domain.Post(id=post_id, roster=shifts, **fields)

    async def put(uow: UnitOfWork) -> PostView:
        post = await commands.put_post(uow, wanted, expected_version=body.expected_version)
        return queries.post_view(post, uow.now)

    return await edge.command(put)


@router.get("/v1/posts", responses=edge.answers(list[PostView]))
async def posts(organization: Identity, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """List the posts of an organization with who holds them now."""
    now = edge.runtime.clock.now()
    return await edge.read(lambda db: queries.posts(db, organization, at=now))


@router.get("/v1/posts/{post_id}", responses=edge.answers(PostView))
async def post(post_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one post with who holds it now."""
    now = edge.runtime.clock.now()
    return await edge.read(lambda db: queries.post(db, post_id, at=now))


router.include_router(
    edge.batch("posts-by-organization", list[PostView], queries.posts_by_organization)
)
