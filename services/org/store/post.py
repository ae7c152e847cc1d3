"""Duty posts as rows; their documents hold what is private."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Post
from services.org.store import tables


async def get_post(db: AsyncConnection, post_id: str) -> Post:
    """Return the post. Raises NotFound `post-not-found`."""
    return await documents.load(db, tables.post, post_id, Post)


async def find_post(db: AsyncConnection, post_id: str, *, lock: bool = False) -> Post | None:
    """Return the post, or None."""
    found = await documents.find(db, tables.post, Post, tables.post.c.id == post_id, lock=lock)
    return found[0] if found else None


async def posts_of(db: AsyncConnection, organizations: Iterable[str]) -> list[Post]:
    """Return the posts of these organizations."""
    table = tables.post
    return await documents.find(db, table, Post, table.c.organization.in_(list(organizations)))


async def put_post(db: AsyncConnection, post: Post) -> Post:
    """Store the post."""
    return await documents.save(db, tables.post, post)
