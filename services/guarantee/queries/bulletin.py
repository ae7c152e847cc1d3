"""Reads of bulletins and of the public feed."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from lxml import etree
from sqlalchemy import ColumnElement, Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.paging import Page, PageRequest
from services.guarantee.domain.bulletin import Bulletin
from services.guarantee.queries.views import document, prefix_of
from services.guarantee.store.tables import BULLETIN
from vocabulary import Mode

ATOM = "http://www.w3.org/2005/Atom"
_NAMES: Any = {None: ATOM}  # the stubs know prefixes only
MOST_PUBLIC = 100
# What XML 1.0 cannot say and JSON can
_NOT_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


class BulletinView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the public is told, or is to be told."""

    id: str
    version: int
    kind: str
    status: str
    title_zh: str
    text_zh: str
    title_en: str | None
    text_en: str | None
    jurisdiction: str
    incident_id: str | None
    rumour_id: str | None
    mode: str
    organization_id: str | None
    corrects: str | None
    corrected_by: str | None
    drafted_at: datetime
    drafted_by: str
    approved_by: str | None
    published_at: datetime | None
    ended_at: datetime | None
    reason: str | None


class PublicBulletinView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What anybody may read: no author, no draft; what was corrected or withdrawn says so."""

    id: str
    kind: str
    status: str
    title_zh: str
    text_zh: str
    title_en: str | None
    text_en: str | None
    jurisdiction: str
    corrects: str | None
    corrected_by: str | None
    published_at: datetime
    updated_at: datetime
    reason: str | None


def bulletin_view(one: Bulletin) -> BulletinView:
    """Show a bulletin."""
    return BulletinView(
        id=one.id,
        version=one.version,
        kind=one.kind,
        status=one.status,
        title_zh=one.title_zh,
        text_zh=one.text_zh,
        title_en=one.title_en,
        text_en=one.text_en,
        jurisdiction=one.jurisdiction,
        incident_id=one.incident_id,
        rumour_id=one.rumour_id,
        mode=one.mode,
        organization_id=one.organization_id,
        corrects=one.corrects,
        corrected_by=one.corrected_by,
        drafted_at=one.drafted_at,
        drafted_by=one.drafted_by,
        approved_by=one.approved_by,
        published_at=one.published_at,
        ended_at=one.ended_at,
        reason=one.reason,
    )


async def bulletin(db: AsyncConnection, id: str) -> BulletinView:
    """Return one bulletin. Raises NotFound."""
    return bulletin_view(await documents.load(db, BULLETIN, id, Bulletin))


async def bulletins(
    db: AsyncConnection,
    request: PageRequest,
    *,
    mode: str,
    status: str | None,
    jurisdiction: str | None,
    incident: str | None,
) -> Page[BulletinView]:
    """Return a page of bulletins and drafts, newest first; `jurisdiction` includes what lies in it."""
    where: list[ColumnElement[bool]] = [BULLETIN.c.mode == mode]
    if status is not None:
        where.append(BULLETIN.c.status == status)
    if incident is not None:
        where.append(BULLETIN.c.incident_id == incident)
    if jurisdiction is not None:
        where.append(BULLETIN.c.jurisdiction.startswith(prefix_of(jurisdiction)))
    return await paging.page(
        db,
        select(cast(BULLETIN.c.doc, Text)).where(*where),
        request,
        order_by=[BULLETIN.c.drafted_at.desc(), BULLETIN.c.id.desc()],
        view=_view,
    )


async def public_bulletins(
    db: AsyncConnection, *, jurisdiction: str | None, first: int
) -> list[PublicBulletinView]:
    """Return what the public was told, the newest first: nothing of exercises, no draft."""
    where = [BULLETIN.c.mode == Mode.REAL, BULLETIN.c.published_at.is_not(None)]
    if jurisdiction is not None:
        where.append(BULLETIN.c.jurisdiction.startswith(prefix_of(jurisdiction)))
    statement = (
        select(cast(BULLETIN.c.doc, Text))
        .where(*where)
        .order_by(BULLETIN.c.published_at.desc(), BULLETIN.c.id.desc())
        .limit(min(first, MOST_PUBLIC))
    )
    return [_public(document(row[0], Bulletin)) for row in await db.execute(statement)]


def feed_tag(bulletins: Sequence[PublicBulletinView]) -> str:
    """Return the entity tag of a feed: another when anything in it is."""
    seen = msgspec.json.encode([(one.id, one.status, one.updated_at) for one in bulletins])
    return f'"{hashlib.sha256(seen).hexdigest()[:32]}"'


def atom(bulletins: Sequence[PublicBulletinView], *, jurisdiction: str | None) -> bytes:
    """Return the feed as Atom (RFC 4287); texts are text, whatever they hold."""
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMES)
    _put(feed, "id", f"urn:uem:bulletins:{jurisdiction or 'all'}")
    _put(feed, "title", "Bulletins 信息发布")
    newest = max((one.updated_at for one in bulletins), default=None)
    _put(feed, "updated", newest.isoformat() if newest else "1970-01-01T00:00:00+00:00")
    for one in bulletins:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        _put(entry, "id", f"urn:uem:{one.id}")
        _put(entry, "title", _marked(one))
        _put(entry, "published", one.published_at.isoformat())
        _put(entry, "updated", one.updated_at.isoformat())
        _put(etree.SubElement(entry, f"{{{ATOM}}}author"), "name", one.jurisdiction)
        etree.SubElement(entry, f"{{{ATOM}}}category", term=one.kind)
        content = _put(entry, "content", one.text_zh)
        content.set("type", "text")
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8"))


async def bulletins_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, BulletinView]:
    """Return the bulletins that exist, by id."""
    found = await documents.find(db, BULLETIN, Bulletin, BULLETIN.c.id.in_(keys))
    return {one.id: bulletin_view(one) for one in found}


async def bulletins_by_incident(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[BulletinView]]:
    """Return the bulletins of each incident, oldest first."""
    found = await documents.find(
        db, BULLETIN, Bulletin, BULLETIN.c.incident_id.in_(keys), order_by=BULLETIN.c.drafted_at
    )
    return {key: [bulletin_view(one) for one in found if one.incident_id == key] for key in keys}


def _view(row: Row[Any]) -> BulletinView:
    return bulletin_view(document(row[0], Bulletin))


def _public(one: Bulletin) -> PublicBulletinView:
    published = one.published_at or one.drafted_at
    return PublicBulletinView(
        id=one.id,
        kind=one.kind,
        status=one.status,
        title_zh=one.title_zh,
        text_zh=one.text_zh,
        title_en=one.title_en,
        text_en=one.text_en,
        jurisdiction=one.jurisdiction,
        corrects=one.corrects,
        corrected_by=one.corrected_by,
        published_at=published,
        updated_at=one.ended_at or published,
        reason=one.reason,
    )


def _marked(one: PublicBulletinView) -> str:
    marks = {"CORRECTED": "【已更正】", "WITHDRAWN": "【已撤回】"}
    return marks.get(one.status, "") + one.title_zh


def _put(parent: Any, name: str, text: str) -> Any:  # noqa: ANN401 - an element of lxml
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = _NOT_XML.sub("", text)
    return element
