"""Roots: one object by its key, one page of a list, one command."""

from collections.abc import Mapping
from dataclasses import fields as members
from dataclasses import is_dataclass
from datetime import datetime
from enum import Enum
from string import Formatter
from urllib.parse import quote

import strawberry

from chassis import idempotency
from chassis.errors import DomainError, Invalid
from gateway import fields
from gateway.commands import COMMANDS
from gateway.context import Info
from gateway.errors import GatewayError, Unauthenticated
from gateway.joins import LISTINGS, ROOTS, Listing
from gateway.refusals import user_error
from gateway.selection import selects
from gateway.upstream import Json, Reply, Row


async def one(type_name: str, key: str, info: Info) -> Row:
    """The object of this type with this key. Raises GatewayError `<TYPE>_NOT_FOUND`."""
    found = await find(type_name, key, info)
    if found is None:
        shown = type_name.removesuffix("ByNumber")
        raise GatewayError(f"There is no {shown.lower()} {key}.", code=f"{shown.upper()}_NOT_FOUND")
    return found


async def find(type_name: str, key: str, info: Info) -> Row | None:
    """The object of this type with this key, with the fields that are selected of it, or None."""
    declared = ROOTS[type_name]
    mask = info.context.mask(info._raw_info)
    found: Row | None = await fields.load(declared, info, key=key, fields=mask, args={})
    return found


async def page(name: str, info: Info, *, first: int, after: str | None, **filters: object) -> Row:
    """One page of a listing. Filters that are None are not asked."""
    counted = {"count": True} if selects(info._raw_info, "totalCount") else {}
    found: Row = await listing(
        name, info, first=fields.page_size(first), after=after, **counted, **filters
    )
    return found


async def listing(name: str, info: Info, **filters: object) -> Json:
    """What LISTINGS declares under this name. Filters that are None are not asked."""
    declared = LISTINGS[name]
    params = [pair for key, value in filters.items() for pair in _parameters(key, value)]
    context = info.context
    return await context.backend.upstreams[declared.service].read(
        declared.path, token=context.token, params=params
    )


async def question(declared: Listing, info: Info, asked: Row) -> Json:
    """The answer to a question that changes nothing; members that are None are not asked."""
    context = info.context
    body = {name: json_of(value) for name, value in asked.items() if value is not None}
    return await context.backend.upstreams[declared.service].question(
        declared.path, body, token=context.token
    )


async def command(name: str, info: Info, input_: object) -> Row:
    """The payload of a mutation: its outcome, or the refusals as data, and the correlation id.

    Raises ServiceUnavailable when it is not known whether the command was carried out.
    """
    declared = COMMANDS[name]
    body = json_of(input_)
    assert isinstance(body, dict), "an input is an object"
    try:
        key, path = _key(body), _path(declared.path, body)
    except Invalid as refusal:
        reply = _refused(refusal)
    else:
        reply = await info.context.backend.upstreams[declared.service].command(
            "POST", path, body, token=info.context.token, key=key
        )
    if reply.status == 401:
        raise Unauthenticated
    refused = [user_error(reply)] if reply.is_refusal else []
    outcome = None if refused else reply.body
    return {declared.outcome: outcome, "correlationId": reply.correlation_id, "errors": refused}


def _key(body: dict[str, Json]) -> str:
    """Take the key out of an input. Raises Invalid when no header could carry it."""
    try:
        return idempotency.checked(str(body.pop("idempotencyKey"))) or ""
    except Invalid as refusal:
        raise Invalid(refusal.message, field=("idempotencyKey",)) from refusal


def _path(pattern: str, body: dict[str, Json]) -> str:
    """Take the ids of the path out of an input. Raises Invalid for one that is no step of a path."""
    ids = {part: str(body.pop(part)) for _, part, _, _ in Formatter().parse(pattern) if part}
    for part, id in ids.items():
        if id in ("", ".", ".."):
            raise Invalid("This is no id.", field=(part,))
    return pattern.format(**{part: quote(id, safe="") for part, id in ids.items()})


def _refused(refusal: DomainError) -> Reply:
    problem = {"slug": refusal.slug, "detail": refusal.message, "field": list(refusal.field)}
    return Reply(refusal.kind.value, problem, None)


def json_of(value: object) -> Json:
    """An input as the JSON that a service reads: camelCase, RFC 3339, what was not given left out."""
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case list() | tuple():
            return [json_of(item) for item in value]
        case Mapping():
            return {name: json_of(item) for name, item in value.items()}
        case _ if is_dataclass(value):
            given = {member.name: getattr(value, member.name) for member in members(value)}
            return {
                fields.member_of(name): json_of(item)
                for name, item in given.items()
                if item is not strawberry.UNSET
            }
        case _:
            return value


def _parameters(name: str, value: object) -> list[tuple[str, str]]:
    """A filter as it stands in a query string: a list is the name several times."""
    match json_of(value):
        case None:
            return []
        case bool(flag):
            return [(name, "true" if flag else "false")]
        case list(items):
            return [(name, str(item)) for item in items]
        case one:
            return [(name, str(one))]
