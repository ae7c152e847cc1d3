"""The HTTP edge: opens and commits the unit of work, checks roles and keys, answers as JSON."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Self, TypeAlias, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import auth, idempotency, telemetry
from chassis.errors import DomainError, Forbidden, Invalid, Unavailable
from chassis.openapi import answers, routed
from chassis.paging import DEFAULT, PageRequest
from chassis.policy import EVERYTHING, Permission, Target
from chassis.request import CORRELATION
from chassis.runtime import Runtime
from chassis.unit_of_work import Caller, StillSeen, UnitOfWork, begin

__all__ = ["Body", "Edge", "answers", "batch", "edge", "page", "routed"]

Command: TypeAlias = Callable[[UnitOfWork], Awaitable[Any]]
Read: TypeAlias = Callable[[AsyncConnection], Awaitable[Any]]
BatchRead: TypeAlias = Callable[..., Awaitable[Mapping[str, Any]]]
T = TypeVar("T")

VIEWER = frozenset({"viewer"})
OPERATOR = frozenset({"operator"})  # moves messages and clocks, never case data: the role decides
DEADLINE_S = 30.0  # longer than any statement or solver may take
MOST_KEYS = 500
# what every time zone, column and engine can hold, and nobody means instants outside of
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
ATTEMPTS = 3  # deadlocks and serialization failures are done again
_AGAIN = frozenset({"40001", "40P01"})

bearer = HTTPBearer(auto_error=False)


class Undecided(Exception):
    """A bug: a command was about to commit that nobody had decided on."""


class Starting(Unavailable):
    """The service still waits for its database."""

    slug = "starting"


class Body(BaseModel):
    """A request body: camelCase, and nothing that is not asked for."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )

    @model_validator(mode="after")
    def _has_instants_of_our_time(self) -> Self:
        for value in self.__dict__.values():
            if isinstance(value, datetime) and value.tzinfo and not FIRST <= value < LAST:
                raise ValueError("an instant lies in the years 1900 to 2199")
        return self


@dataclass(frozen=True, slots=True)
class Edge:
    """One verified request, ready to command or to read."""

    runtime: Runtime
    request: Request
    caller: Caller
    correlation_id: str

    async def command(
        self,
        function: Command,
        *,
        roles: frozenset[str] | set[str] | None = None,
        status: int = 200,
        exempt: str | None = None,
    ) -> Response:
        """Run `function` in one unit of work, commit, and answer with what it returns.

        With an Idempotency-Key a repeated request gets the first answer and changes nothing, as
        long as the caller may see what it tells.
        A service with a policy commits nothing that `uow.authorize` was not asked about, unless
        `exempt` says why nobody needs to decide. Raises Forbidden, IdempotencyKeyReused and
        whatever the command refuses.
        """
        if roles is not None:
            auth.require(self.caller, frozenset(roles))
        if exempt is None and self.runtime.policy is not None:
            function = _decided(function)
        key = idempotency.checked(self.request.headers.get("Idempotency-Key"))
        request = await self._hashes() if key is not None else None
        name = getattr(self.request.scope.get("route"), "name", "command")
        with telemetry.span(f"{self.runtime.service}.{name}"):
            async with asyncio.timeout(DEADLINE_S):
                stored = await self._repeated(function, key=key, same_as=request, status=status)
        return _json(stored.answer, stored.status, stored.correlation_id)

    async def operate(self, function: Command, action: str, *, kind: str, id: str) -> Response:
        """Run `function` as `command` does, for who runs the system: not about case data.

        `base.cedar` decides on the action; permitted and refused, it is recorded with its object.
        Raises NotPermitted, and what `command` raises.
        """
        # what is operated lies nowhere, and is not kept from anybody who asks for it
        target = Target(kind=kind, id=id, area="", new=True)

        async def decided(uow: UnitOfWork) -> Any:  # noqa: ANN401 - whatever the command returns
            uow.authorize(action, target)
            return await function(uow)

        if self.runtime.policy is None:
            return await self.command(function, roles=OPERATOR)
        return await self.command(decided)

    async def read(self, function: Read, *, roles: frozenset[str] | set[str] = VIEWER) -> Response:
        """Answer with what `function` finds; every statement sees what is committed by then.

        Rows of case data that the caller's grants do not cover are not there.
        """
        auth.require(self.caller, frozenset(roles))
        async with asyncio.timeout(DEADLINE_S), self.reading() as db:
            return _json(encode(await function(db)), 200, self.correlation_id)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection that reads what the caller may see."""
        policy = self.runtime.policy
        if policy is None:
            return self.runtime.seen_by(EVERYTHING)
        return self.runtime.seen_by(policy.scope(self.caller, now=self.runtime.clock.now()))

    def permissions(self, target: Target, actions: Iterable[str]) -> list[Permission]:
        """Return which of the actions the caller may do to the target; none without a policy."""
        if self.runtime.policy is None:
            return []
        now = self.runtime.clock.now()
        return self.runtime.policy.permissions(self.caller, target, actions, now=now)

    def require(self, action: str, target: Target) -> None:
        """Pass when the caller may do to the target what a read is about to show. Raises NotPermitted."""
        policy, now = self.runtime.policy, self.runtime.clock.now()
        if policy is None:
            return
        decision = policy.decide(self.caller, action, target, now=now)
        if not decision.allowed:
            raise policy.refusal(self.caller, decision, now=now)

    async def _repeated(
        self, function: Command, *, key: str | None, same_as: idempotency.Hashes | None, status: int
    ) -> idempotency.Stored:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._once(function, key=key, same_as=same_as, status=status)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _AGAIN:
                    raise
        return await self._once(function, key=key, same_as=same_as, status=status)

    async def _once(
        self, function: Command, *, key: str | None, same_as: idempotency.Hashes | None, status: int
    ) -> idempotency.Stored:
        peer = self.request.client
        async with begin(
            self.runtime,
            self.caller,
            correlation_id=self.correlation_id,
            remote=peer.host if peer else None,
        ) as uow:
            if key is not None and same_as is not None:
                answered = await idempotency.claim(uow, key, same_as)
                if answered is not None:
                    await _expect_sight(uow, function)
                    return answered
            stored = idempotency.Stored(
                status=status,
                answer=encode(await function(uow)),
                correlation_id=self.correlation_id,
            )
            if key is not None:
                await idempotency.record(uow, key, stored)
        return stored

    async def _hashes(self) -> idempotency.Hashes:
        request, settings = self.request, self.runtime.settings
        body = await request.body()
        return idempotency.hashes(settings, request.method, request.url.path, body)


async def edge(request: Request, _: Annotated[object, Depends(bearer)]) -> Edge:
    """Return the edge of a request whose token was verified and whose account stands.

    Raises Unauthenticated, AccountDisabled and Starting.
    """
    state = request.app.state
    if state.runtime is None:
        raise Starting("The service is starting.", remedy="Send the same request again.")
    unverified: DomainError | None = getattr(request.state, "unverified", None)
    if unverified is not None:
        raise unverified
    verified = getattr(request.state, "verified", None) or await state.verifier.caller(
        request.headers.get("Authorization")
    )
    return Edge(
        runtime=state.runtime,
        request=request,
        caller=await _standing(state.runtime, verified),
        correlation_id=request.state.correlation_id,
    )


def page(
    first: Annotated[int, Query(description="At most 100.")] = DEFAULT,
    after: Annotated[str | None, Query(description="The endCursor of the page before.")] = None,
    count: Annotated[bool, Query(description="Say the total as well.")] = False,
) -> PageRequest:
    """Return the page that the query string asks for; use as `Depends(edge.page)`."""
    return PageRequest(first=first, after=after, count=count)


class BatchBody(Body):
    """Which keys are wanted, which fields of them, and what else the read needs."""

    keys: list[str]
    fields: list[str] | None = None
    args: dict[str, Any] = {}


def batch(
    name: str,
    view: Any,  # noqa: ANN401 - the type of one value, any that msgspec can describe
    function: BatchRead,
    *,
    roles: frozenset[str] | set[str] = VIEWER,
) -> APIRouter:
    """Return a router with `POST /v1/batch/<name>`: many keys in one read.

    `function(db, keys, *, fields, args)` returns a value or a list for the keys it knows; keys it
    leaves out are answered with null. `fields` is null for all, else the camelCase names wanted.
    """
    router = APIRouter()

    @router.post(
        f"/v1/batch/{name}",
        name=f"batch_{name.replace('-', '_')}",
        responses=answers(dict[str, view | None]),
        tags=["batch"],
    )
    async def answer(body: BatchBody, edge: Annotated[Edge, Depends(edge)]) -> Response:
        if len(body.keys) > MOST_KEYS:
            raise Invalid(f"A batch holds at most {MOST_KEYS} keys.", field=("keys",))
        fields = None if body.fields is None else frozenset(body.fields)

        async def read(db: AsyncConnection) -> dict[str, Any]:
            found = await function(db, body.keys, fields=fields, args=body.args)
            return {key: masked(found.get(key), fields) for key in body.keys}

        return await edge.read(read, roles=roles)

    return router


def masked(value: Any, fields: frozenset[str] | None) -> Any:  # noqa: ANN401 - a view of any type
    """Return the value with only the named fields (and `id`); a list is masked item by item."""
    if fields is None or value is None or isinstance(value, (bytes, msgspec.Raw)):
        return value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [masked(item, fields) for item in value]
    kept = msgspec.to_builtins(value)
    if not isinstance(kept, dict):
        return kept
    return {name: item for name, item in kept.items() if name in fields or name == "id"}


def encode(value: Any) -> bytes:  # noqa: ANN401 - whatever a command or query returns
    """Return the JSON of a view; bytes are JSON already."""
    return value if isinstance(value, bytes) else msgspec.json.encode(value)


async def _standing(runtime: Runtime, caller: Caller) -> Caller:
    """Return the caller with what was granted besides the token, and whom it is for.

    Raises AccountDisabled.
    """
    standing = await runtime.standings.of(caller.subject)
    granted = standing.live(runtime.clock.now())
    grants = (*caller.grants, *granted)
    acts_for = {grant.organization for grant in grants if grant.organization}
    return dataclasses.replace(
        caller,
        grants=grants,
        # whoever was granted anything may read what every role may read, where it was granted
        roles=caller.roles | VIEWER if granted else caller.roles,
        organization_kinds=await runtime.standings.kinds(acts_for),
    )


async def _expect_sight(uow: UnitOfWork, function: Command) -> None:
    """Pass when whoever repeats a command may still do it, or see what it is about.

    The command goes as far as its first decision, on its object as it is now; nothing of it stays.
    Raises what that decision is refused with, and Forbidden. Whatever else stands in its way now
    did not when it was carried out. Without a policy nobody decides.
    """
    if uow.policy is None:
        return
    try:
        async with uow.db.begin_nested():
            await function(dataclasses.replace(uow, only_asks=True))
            raise StillSeen  # nobody had to decide
    except StillSeen:
        return
    except DomainError as refusal:
        if isinstance(refusal, Forbidden) or uow.decisions:
            raise


def _decided(function: Command) -> Command:
    async def decided(uow: UnitOfWork) -> Any:  # noqa: ANN401 - whatever the command returns
        answer = await function(uow)
        if not uow.decisions:
            raise Undecided("a command of a person has to call uow.authorize before it commits")
        return answer

    return decided


def _json(content: bytes, status: int, correlation_id: str) -> Response:
    return Response(
        content,
        status_code=status,
        media_type="application/json",
        headers={CORRELATION: correlation_id},
    )
