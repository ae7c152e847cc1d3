"""The roots of following: an incident, a desk, a jurisdiction, live."""

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import strawberry

from gateway import fields, reading
from gateway.context import Info
from gateway.joins import JOINS
from gateway.live import Heard, feeds
from gateway.live.seen import CHANGES
from gateway.scalars import Cursor
from gateway.schema.exercise import Exercise
from gateway.schema.guarantee import Dispatch, EarlyWarning, Requirement, Signal
from gateway.schema.incident import Incident, LogEntry
from gateway.schema.node import Connection
from gateway.schema.obligation import Obligation
from gateway.schema.order import Order
from gateway.schema.override import Override
from gateway.schema.places import Jurisdiction
from gateway.schema.plans import Activation
from gateway.schema.task import Task
from gateway.upstream import Json, Row
from vocabulary import Mode

DESK_SNAPSHOT = 100  # obligations; a desk that owes more pages through `desk`


@strawberry.enum(
    description="First message: SNAPSHOT (or CHANGEs after `after`). HEARTBEAT: none for twice its "
    "interval = show 'not live'. GAP: messages were dropped, a SNAPSHOT follows."
)
class FeedKind(StrEnum):
    """What a message of a feed is."""

    SNAPSHOT = "SNAPSHOT"
    CHANGE = "CHANGE"
    HEARTBEAT = "HEARTBEAT"
    GAP = "GAP"


Changed = Annotated[
    Signal
    | EarlyWarning
    | Activation
    | Override
    | Obligation
    | Order
    | Task
    | Incident
    | Dispatch
    | Requirement
    | Exercise,
    strawberry.union("Changed", description="What a CHANGE of a jurisdiction changed."),
]


async def _obligations(root: fields.Source, info: Info) -> Json:
    if root["kind"] != FeedKind.SNAPSHOT:
        return None
    return await reading.page("desk", info, first=DESK_SNAPSHOT, after=None, mode=root["mode"])


async def _entry(root: fields.Source, info: Info) -> Json:
    id = root.get("entryId")
    if id is None:
        return None
    log = await fields.read(JOINS["Incident.log"], {"id": root["incidentId"]}, info)
    return next((entry for entry in log if entry["id"] == id), None)


async def _changed(root: fields.Source, info: Info) -> Json:
    heard: Heard | None = root.get("heard")
    type_name = CHANGES.get(heard.kind) if heard else None
    if heard is None or type_name is None:
        return None
    found = await reading.find(type_name, heard.envelope.id, info)
    return None if found is None else {**found, "__typename": type_name}


@strawberry.type
class Message:
    """What all feeds send."""

    kind: FeedKind
    cursor: Cursor = strawberry.field(description="Resume with it as `after`.")
    at: datetime


@strawberry.type
class IncidentMessage(Message):
    """The incident as it is now, and the log entry if that is what came."""

    incident: Incident | None = fields.joined("IncidentMessage.incident")
    entry: LogEntry | None = fields.root(_entry)
    changed: Changed | None = fields.root(_changed)


@strawberry.type
class DeskMessage(Message):
    """In a SNAPSHOT all that is owed, in a CHANGE the obligation that changed."""

    obligations: Connection[Obligation] | None = fields.root(_obligations)
    obligation: Obligation | None = fields.joined("DeskMessage.obligation")


@strawberry.type
class JurisdictionMessage(Message):
    """In a SNAPSHOT the jurisdiction, in a CHANGE what changed in it."""

    jurisdiction: Jurisdiction | None = fields.joined("JurisdictionMessage.jurisdiction")
    changed: Changed | None = fields.root(_changed)


async def _incident(
    info: Info, id: strawberry.ID, after: Cursor | None = None, mode: Mode = Mode.REAL
) -> AsyncIterator[Row]:
    context = info.context
    async for message in feeds.follow(context, feeds.of_incident(id, mode), after=after):
        shows = message["kind"] in (FeedKind.SNAPSHOT, FeedKind.CHANGE)
        heard: Heard | None = message.get("heard")
        entry = heard.envelope.id if heard and heard.kind == "log_entry" else None
        yield {**message, "incidentId": id if shows else None, "entryId": entry}


async def _desk(
    info: Info, after: Cursor | None = None, mode: Mode = Mode.REAL
) -> AsyncIterator[Row]:
    caller = info.context.caller
    topic = feeds.of_desk(caller.organization, caller.posts, mode)
    async for message in feeds.follow(info.context, topic, after=after):
        heard: Heard | None = message.get("heard")
        yield {**message, "mode": mode, "obligationId": heard.envelope.id if heard else None}


async def _jurisdiction(
    info: Info, code: str, after: Cursor | None = None, mode: Mode = Mode.REAL
) -> AsyncIterator[Row]:
    topic = feeds.of_jurisdiction(code, mode)
    async for message in feeds.follow(info.context, topic, after=after):
        yield {**message, "code": code if message["kind"] == FeedKind.SNAPSHOT else None}


@strawberry.type(
    description="Over graphql-transport-ws. A socket is closed with 4401 when the token expires, "
    "4410 when the client takes messages too slowly, 4429 when it has too many operations open; "
    "resume with the last cursor as `after`."
)
class Subscription:
    """What can be followed."""

    incident: IncidentMessage = fields.followed(_incident)
    desk: DeskMessage = fields.followed(_desk)
    jurisdiction: JurisdictionMessage = fields.followed(_jurisdiction)
