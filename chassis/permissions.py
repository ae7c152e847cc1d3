"""What a viewer may do to objects: the same decisions as on the commands, before one is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

import msgspec
from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge
from chassis.edge import BatchBody, Edge, masked
from chassis.errors import Invalid
from chassis.policy import Target

# The targets of those of the ids that there are, by id.
Targets: TypeAlias = Callable[[AsyncConnection, Sequence[str]], Awaitable[Mapping[str, Target]]]


class PermissionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether the caller may do `action`; if not, why and who could grant it."""

    action: str
    allowed: bool
    reason: str | None
    grantable_by: str | None


@dataclass(frozen=True, slots=True)
class Offered:
    """The commands that exist on one kind of object, and how its objects become targets."""

    targets: Targets
    actions: tuple[str, ...]


def permissions_batch(kinds: Mapping[str, Offered]) -> APIRouter:
    """Return a router with `POST /v1/batch/permissions`; keys are "<kind>:<id>".

    The value of a key is one permission an action, and null for an object that is not there or
    that the caller may not see: reads are as narrow as everywhere. Raises Invalid for a kind that
    the service does not offer.
    """
    router = APIRouter()

    @router.post(
        "/v1/batch/permissions",
        name="batch_permissions",
        responses=edge.answers(dict[str, list[PermissionView] | None]),
        tags=["batch"],
        openapi_extra={"x-kinds": sorted(kinds)},
    )
    async def answer(body: BatchBody, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
        fields = None if body.fields is None else frozenset(body.fields)
        asked = _by_kind(body.keys, kinds)

        async def read(db: AsyncConnection) -> dict[str, object]:
            found: dict[str, list[PermissionView]] = {}
            for kind, ids in asked.items():
                offered = kinds[kind]
                for id, target in (await offered.targets(db, ids)).items():
                    found[f"{kind}:{id}"] = _views(edge, target, offered.actions)
            return {key: masked(found.get(key), fields) for key in body.keys}

        return await edge.read(read)

    return router


def _by_kind(keys: Sequence[str], kinds: Mapping[str, Offered]) -> dict[str, list[str]]:
    if len(keys) > edge.MOST_KEYS:
        raise Invalid(f"A batch holds at most {edge.MOST_KEYS} keys.", field=("keys",))
    asked: dict[str, list[str]] = {}
    for key in dict.fromkeys(keys):
        kind, _, id = key.partition(":")
        if kind not in kinds or not id:
            known = ", ".join(f"{name}:<id>" for name in sorted(kinds))
            raise Invalid(f"{key!r} is no key of this batch; known are {known}.", field=("keys",))
        asked.setdefault(kind, []).append(id)
    return asked


def _views(edge: Edge, target: Target, actions: Iterable[str]) -> list[PermissionView]:
    return [
        PermissionView(
            action=one.action,
            allowed=one.allowed,
            reason=one.reason,
            grantable_by=one.grantable_by,
        )
        for one in edge.permissions(target, actions)
    ]
