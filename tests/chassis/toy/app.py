"""The toy service: open a jar, put marbles in, have it checked later."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, FastAPI, Response
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, edge, paging
from chassis.edge import Body, Edge
from chassis.errors import Quarantine
from chassis.messages import Incoming, Message, Published, Subscription
from chassis.paging import Page, PageRequest
from chassis.permissions import Offered, permissions_batch
from chassis.policy import Policy, Target
from chassis.service import create_service
from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy import domain, store
from tests.chassis.toy.domain import Jar
from vocabulary import area

router = APIRouter()
HELD = 77


class JarOpened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    label: str
    capacity: int | None = None


class JarView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: str
    label: str
    marble_count: int
    version: int


class OpenJar(Body):
    label: Annotated[str, Field(min_length=1, max_length=40)]
    capacity: Annotated[int, Field(ge=1, le=2**31 - 1)] = 10

    area: str = "410100"
    owners: tuple[str, ...] = ()
    sealed: bool = False


class PutMarbles(Body):
    count: Annotated[int, Field(ge=1)]


def view(jar: Jar) -> JarView:
    return JarView(id=jar.id, label=jar.label, marble_count=jar.marbles, version=jar.version)


def target(jar: Jar) -> Target:
    return Target(
        kind="jar",
        id=jar.id,
        area=jar.area,
        organizations=frozenset(jar.owners),
        authors=frozenset({jar.opened_by} if jar.opened_by else ()),
        sealed=jar.sealed,
    )


async def open_jar(uow: UnitOfWork, *, label: str, capacity: int = 10, **about: Any) -> Jar:
    jar = Jar(
        id=uow.new_id("jar"),
        label=label,
        capacity=capacity,
        opened_at=uow.now,
        opened_by=uow.caller.subject,
        **about,
    )
    jar = await store.put_jar(uow.db, jar)
    body = JarOpened(label=label, capacity=capacity)
    await uow.publish(Message(aggregate="jar", event="opened", id=jar.id, area="410100", body=body))
    due_at = uow.now + timedelta(hours=1)
    payload = {"jar": jar.id}
    await uow.schedule(f"check:{jar.id}", due_at=due_at, command="check_jar", payload=payload)
    return jar


async def put_marbles(uow: UnitOfWork, jar_id: str, count: int) -> Jar:
    jar = await store.get_jar(uow.db, jar_id)
    return await store.put_jar(uow.db, domain.put(jar, count))


async def check_jar(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    jar = await store.get_jar(uow.db, payload["jar"])
    if jar.label == "hopeless":
        raise Quarantine("nobody can check this jar")
    if jar.label == "broken":
        raise RuntimeError("the check fails")
    note = f"due {payload['due_at'].isoformat()} checked {uow.now.isoformat()}"
    await store.put_jar(uow.db, replace(jar, notes=(*jar.notes, note)))


async def on_marble_found(uow: UnitOfWork, event: Incoming[JarOpened]) -> None:
    await open_jar(uow, label=f"for {event.body.label}")


@router.post("/v1/jars", status_code=201, responses=edge.answers(JarView))
async def post_jar(body: OpenJar, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    async def command(uow: UnitOfWork) -> JarView:
        new = Target(kind="jar", id="new", area=body.area, new=True)
        uow.authorize("open", new)
        return view(await open_jar(uow, **body.model_dump()))

    return await edge.command(command, status=201)


@router.post("/v1/jars/{jar_id}/marbles", responses=edge.answers(JarView))
async def post_marbles(
    jar_id: str, body: PutMarbles, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    async def command(uow: UnitOfWork) -> JarView:
        uow.authorize("fill", target(await store.get_jar(uow.db, jar_id)))
        return view(await put_marbles(uow, jar_id, body.count))

    return await edge.command(command)


@router.post("/v1/jars/{jar_id}/checks", responses=edge.answers(JarView))
async def post_check(jar_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Have a second person look into the jar."""

    async def command(uow: UnitOfWork) -> JarView:
        jar = await store.get_jar(uow.db, jar_id)
        uow.authorize("check", target(jar))
        return view(await store.put_jar(uow.db, replace(jar, notes=(*jar.notes, "checked"))))

    return await edge.command(command)


@router.post("/v1/undecided")
async def post_undecided(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Be the bug of a command that nobody decided on."""

    async def command(uow: UnitOfWork) -> JarView:
        return view(await open_jar(uow, label="undecided"))

    return await edge.command(command)


@router.get("/v1/jars/{jar_id}", responses=edge.answers(JarView))
async def get_jar(jar_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    async def read(db: AsyncConnection) -> dict[str, Any]:
        jar = await store.see_jar(db, jar_id)
        may = edge.permissions(target(jar), ["fill", "check"])
        return {"jar": view(jar), "permissions": may}

    return await edge.read(read)


@router.get("/v1/jars", responses=edge.answers(Page[JarView]))
async def get_jars(
    edge: Annotated[Edge, Depends(edge.edge)], page: Annotated[PageRequest, Depends(edge.page)]
) -> Response:
    return await edge.read(lambda db: jars(db, page))


@router.post("/v1/held")
async def post_held(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Answer as soon as nobody else holds the lock."""

    async def command(uow: UnitOfWork) -> dict[str, bool]:
        await uow.db.execute(select(func.pg_advisory_xact_lock(HELD)))
        return {"held": True}

    return await edge.command(command, roles={"keeper"}, exempt="it only waits")


@router.post("/v1/raw")
async def post_raw() -> Response:
    raise ZeroDivisionError("a bug")


async def jars(db: AsyncConnection, page: PageRequest) -> Page[JarView]:
    table = store.JAR
    return await paging.page(
        db,
        select(table.c.id, table.c.label, table.c.marbles, table.c.version),
        page,
        order_by=[table.c.marbles.desc(), table.c.id],
        view=lambda row: JarView(
            id=row.id, label=row.label, marble_count=row.marbles, version=row.version
        ),
    )


async def jars_by_id(
    db: AsyncConnection, keys: list[str], *, fields: frozenset[str] | None, args: Mapping[str, Any]
) -> Mapping[str, JarView]:
    table = store.JAR
    rows = await db.execute(select(table).where(table.c.id.in_(keys)))
    return {
        row.id: JarView(id=row.id, label=row.label, marble_count=row.marbles, version=row.version)
        for row in rows
    }


async def targets_of_jars(db: AsyncConnection, keys: Sequence[str]) -> Mapping[str, Target]:
    jars = await documents.find(db, store.JAR, Jar, store.JAR.c.id.in_(keys))
    return {jar.id: target(jar) for jar in jars}


router.include_router(edge.batch("jars", JarView, jars_by_id))
router.include_router(permissions_batch({"jar": Offered(targets_of_jars, ("fill", "check"))}))

SUBSCRIPTIONS = (
    Subscription(
        service="finder", aggregate="marble", on={"found.v1": (JarOpened, on_marble_found)}
    ),
)
TIMERS = {"check_jar": check_jar}
PUBLISHED = (
    Published(aggregate="jar", event="opened", body=JarOpened, meaning="A jar was opened."),
)


def create_app() -> FastAPI:
    return create_service(
        "toy",
        router=router,
        subscriptions=SUBSCRIPTIONS,
        timers=TIMERS,
        published=PUBLISHED,
        metadata=store.metadata,
        migrations="tests.chassis.toy.migrations",
        policy=Policy.load("tests.chassis.toy", areas=area),
    )
