"""Roots: one object by its key, one page of a list, one command."""

from collections.abc import Mapping
from dataclasses import fields as members
from dataclasses import is_dataclass
from datetime import datetime
from enum import Enum
from string import Formatter
from urllib.parse import quote

import strawberry

from gateway import fields
from gateway.context import Info
from gateway.errors import GatewayError, Unauthenticated
from gateway.joins import COMMANDS, LISTINGS, ROOTS
from gateway.refusals import user_error
from gateway.upstream import Json, Row


async def one(type_name: str, key: str, info: Info) -> Row:
    """The object of this type with this key. Raises GatewayError `<TYPE>_NOT_FOUND`."""
    found = await find(type_name, key, info)
    if found is None:
        code = f"{type_name.upper()}_NOT_FOUND"
        raise GatewayError(f"There is no {type_name.lower()} {key}.", code=code)
    return found


async def find(type_name: str, key: str, info: Info) -> Row | None:
    """The object of this type with this key, with the fields that are selected of it, or None."""
    declared = ROOTS[type_name]
    mask = info.context.mask(info._raw_info)
    found: Row | None = await fields.load(declared, info, key=key, fields=mask, args={})
    return found


async def page(name: str, info: Info, *, first: int, after: str | None, **filters: object) -> Row:
    """One page of a listing. Filters that are None are not asked."""
    listing = LISTINGS[name]
    asked = {"first": fields.page_size(first), "after": after, **filters}
    params = {
        key: _parameter(value)
        for key, value in asked.items()
        if value is not None and value is not strawberry.UNSET
    }
    context = info.context
    answer: Row = await context.backend.upstreams[listing.service].read(
        listing.path, token=context.token, params=params
    )
    return answer


async def command(name: str, info: Info, input_: object) -> Row:
    """The payload of a mutation: its outcome, or the refusals as data, and the correlation id.

    Raises ServiceUnavailable when it is not known whether the command was carried out.
    """
    declared = COMMANDS[name]
    body = json_of(input_)
    assert isinstance(body, dict), "an input is an object"
    key = str(body.pop("idempotencyKey"))
    in_path = {part for _, part, _, _ in Formatter().parse(declared.path) if part}
    path = declared.path.format(**{part: quote(str(body.pop(part)), safe="") for part in in_path})
    context = info.context
    reply = await context.backend.upstreams[declared.service].command(
        "POST", path, body, token=context.token, key=key
    )
    if reply.status == 401:
        raise Unauthenticated
    refused = [user_error(reply)] if reply.is_refusal else []
    outcome = None if refused else reply.body
    return {declared.outcome: outcome, "correlationId": reply.correlation_id, "errors": refused}


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


def _parameter(value: object) -> str:
    """A filter as it stands in a query string."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case _:
            return str(value)
