"""The roots of reading: one object, one page, one question."""

import strawberry

from gateway import reading
from gateway.context import Info
from gateway.errors import GatewayError
from gateway.fields import PAGE_DEFAULT, root
from gateway.joins import PREFIXES
from gateway.scalars import Cursor
from gateway.schema.guarantee import EarlyWarning, Signal
from gateway.schema.incident import Incident, IncidentStatus
from gateway.schema.node import Connection, Node
from gateway.schema.obligation import Obligation
from gateway.schema.order import Order
from gateway.schema.places import Jurisdiction, Organization
from gateway.schema.plans import Activation
from gateway.schema.task import Task
from gateway.schema.viewer import Viewer
from gateway.upstream import Json, Row
from vocabulary import Mode


async def _viewer(info: Info) -> Json:
    caller = info.context.caller
    return {
        "subject": caller.subject,
        "person": caller.person,
        "organizationId": caller.organization,
        "roles": sorted(caller.roles),
        "posts": list(caller.posts),
        "areas": list(caller.areas),
    }


async def _desk(
    info: Info, first: int = PAGE_DEFAULT, after: Cursor | None = None, mode: Mode = Mode.REAL
) -> Json:
    return await reading.page("desk", info, first=first, after=after, mode=mode)


async def _jurisdiction(info: Info, code: str) -> Json:
    return await reading.one("Jurisdiction", code, info)


async def _organization(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Organization", id, info)


async def _incident(info: Info, id: strawberry.ID | None = None, number: str | None = None) -> Json:
    if (id is None) == (number is None):
        raise GatewayError("Give either `id` or `number`.", code="INVALID_INPUT")
    if id is not None:
        return await reading.one("Incident", id, info)
    page = await reading.page("incidents", info, first=1, after=None, number=number)
    for incident in page["nodes"]:
        return incident
    raise GatewayError(f"There is no incident {number}.", code="INCIDENT_NOT_FOUND")


@strawberry.input(description="Every condition given must hold.")
class IncidentFilter:
    """Which incidents are listed."""

    jurisdiction: str | None = strawberry.field(
        default=None, description="GB/T 2260 code; the divisions in it are included."
    )
    status: IncidentStatus | None = None
    emergency_type: str | None = strawberry.field(
        default=None, description="GB/T 35561 code or prefix."
    )


async def _incidents(
    info: Info,
    filter: IncidentFilter | None = None,
    first: int = PAGE_DEFAULT,
    after: Cursor | None = None,
    mode: Mode = Mode.REAL,
) -> Json:
    wanted: Row = reading.json_of(filter) or {}
    return await reading.page("incidents", info, first=first, after=after, mode=mode, **wanted)


async def _signal(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Signal", id, info)


async def _warning(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Warning", id, info)


async def _activation(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Activation", id, info)


async def _order(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Order", id, info)


async def _task(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Task", id, info)


async def _obligation(info: Info, id: strawberry.ID) -> Json:
    return await reading.one("Obligation", id, info)


async def _node(info: Info, id: strawberry.ID) -> Json:
    prefix = id.partition("_")[0]
    type_name = "Jurisdiction" if id.isdecimal() else PREFIXES.get(prefix)
    if type_name is None:
        raise GatewayError(f"{id!r} is no id of this schema.", code="INVALID_INPUT")
    return {**await reading.one(type_name, id, info), "__typename": type_name}


@strawberry.type
class Query:
    """What can be asked."""

    viewer: Viewer = root(_viewer)
    desk: Connection[Obligation] | None = root(
        _desk,
        description="What is owed by the viewer's organization, soonest first: the page that a "
        "duty officer keeps open.",
    )
    jurisdiction: Jurisdiction | None = root(_jurisdiction)
    organization: Organization | None = root(_organization)
    incident: Incident | None = root(_incident)
    incidents: Connection[Incident] | None = root(_incidents)
    signal: Signal | None = root(_signal)
    warning: EarlyWarning | None = root(_warning)
    activation: Activation | None = root(_activation)
    order: Order | None = root(_order)
    task: Task | None = root(_task)
    obligation: Obligation | None = root(_obligation)
    node: Node | None = root(_node)
