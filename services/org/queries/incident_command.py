"""Reads of incident commands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from services.org.domain import IncidentCommand, is_span_kept
from services.org.queries import views
from services.org.store import tables


class SectionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A subordinate of the command."""

    organization_id: str
    functions: tuple[str, ...]


class CommandView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The one command of an incident; `heldBy` is the jurisdiction that commands."""

    id: str
    version: int
    incident_id: str
    organization_id: str
    commander_post: str
    held_by: str
    sections: tuple[SectionView, ...]
    span_of_control: int
    is_span_kept: bool
    formed_at: datetime


async def commands_by_incident(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, CommandView]:
    """Return the command of each incident that has one."""
    table = tables.incident_command
    shape = views.decode(IncidentCommand, command_view)
    return await views.by_key(db, views.whole(table), table.c.incident_id, keys, shape=shape)


def command_view(one: IncidentCommand) -> CommandView:
    """The command as readers see it."""
    sections = (
        SectionView(organization_id=each.organization_id, functions=each.functions)
        for each in one.sections
    )
    return CommandView(
        id=one.id,
        version=one.version,
        incident_id=one.incident_id,
        organization_id=one.organization_id,
        commander_post=one.commander_post,
        held_by=one.held_by,
        sections=tuple(sections),
        span_of_control=one.span_of_control,
        is_span_kept=is_span_kept(one),
        formed_at=one.formed_at,
    )
