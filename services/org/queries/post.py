"""Reads of duty posts: numbers are for whoever keeps the roster, persons for those inside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import batches, documents
from services.org.domain import Post, holder, is_held
from services.org.queries import views
from services.org.store import tables


class PostView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A post without its number; `person` is who holds it now, null for a standing post and in a gap."""

    id: str
    version: int
    organization: str
    title_zh: str
    title_en: str
    rung: int
    channels: tuple[str, ...]
    modes: tuple[str, ...]
    person: str | None
    is_held: bool
    as_of: datetime


async def post(db: AsyncConnection, post_id: str, *, at: datetime) -> PostView:
    """Return the post with who holds it at that instant. Raises NotFound."""
    return post_view(await documents.load(db, tables.post, post_id, Post), at)


async def posts(db: AsyncConnection, organization: str, *, at: datetime) -> list[PostView]:
    """Return the posts of the organization, rung by rung."""
    table = tables.post
    found = await documents.find(
        db,
        table,
        Post,
        table.c.organization == organization,
        order_by=[table.c.rung, table.c.id],
    )
    return [post_view(one, at) for one in found]


async def posts_by_organization(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[PostView]]:
    """Return the posts of each organization, with who holds them at `args.at`."""
    table = tables.post
    at = batches.argument(args, "at", datetime)
    return await views.lists_by_key(
        db,
        views.whole(table),
        table.c.organization,
        keys,
        shape=views.decode(Post, lambda one: post_view(one, at)),
        order_by=[table.c.rung, table.c.id],
    )


def post_view(one: Post, at: datetime) -> PostView:
    """The post as readers see it."""
    return PostView(
        id=one.id,
        version=one.version,
        organization=one.organization,
        title_zh=one.title_zh,
        title_en=one.title_en,
        rung=one.rung,
        channels=one.channels,
        modes=tuple(mode.value for mode in one.modes),
        person=holder(one, at),
        is_held=is_held(one, at),
        as_of=at,
    )
