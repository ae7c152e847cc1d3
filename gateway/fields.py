"""How a field of the schema gets its value: copied from its view, labelled, looked up, or joined."""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import msgspec
import strawberry

from gateway.context import Info
from gateway.directives import From, SemanticNonNull
from gateway.errors import GatewayError, ServiceUnavailable
from gateway.joins import JOINS, Join
from gateway.scalars import Lang
from gateway.upstream import Json, Row
from gateway.views import VIEWS
from vocabulary import EMERGENCY_TYPES, Mode, emergency_class

MADE_OF = "made_of"
PAGE_DEFAULT = 20
PAGE_MAX = 100

# A source is always the JSON of its view; what a resolver returns is checked against the SDL by
# graphql-core, so these helpers hand their fields to the type checker as Any.
Source = strawberry.Parent[Row]
FieldOf: TypeAlias = Any


@cache
def member_of(name: str) -> str:
    """The member of a view that bears a field's name: `due_at` is `dueAt`."""
    head, *tail = name.rstrip("_").split("_")
    return head + "".join(part.capitalize() for part in tail)


def value_of(source: Row, name: str) -> object:
    """The member of the view that bears the field's name; the schema's default resolver."""
    return source.get(member_of(name))


def computed(
    resolver: Callable[..., object], *parts: str, description: str | None = None
) -> FieldOf:
    """A field computed from these members of its view."""
    return strawberry.field(resolver=resolver, metadata={MADE_OF: parts}, description=description)


def label(stem: str, *, description: str | None = None) -> FieldOf:
    """A text in the language asked for; in the other one where it is missing, never empty."""
    zh, en = f"{stem}Zh", f"{stem}En"

    def text(root: Source, lang: Lang = Lang.ZH) -> str | None:
        first, second = (zh, en) if lang is Lang.ZH else (en, zh)
        return root.get(first) or root.get(second)

    return computed(text, zh, en, description=description)


def renamed(member: str, *, description: str | None = None) -> FieldOf:
    """A field whose member bears another name in its view."""

    def value(root: Source) -> Json:
        return root.get(member)

    return computed(value, member, description=description)


def inner(member: str, name: str, *, description: str | None = None) -> FieldOf:
    """One part of a member that is an object."""

    def part(root: Source) -> Json:
        return (root.get(member) or {}).get(name)

    return computed(part, member, description=description)


def listed(member: str, *, description: str | None = None) -> FieldOf:
    """A list that its view leaves out when it is empty: `[]` is none."""

    def value(root: Source) -> Json:
        return root.get(member) or []

    return computed(value, member, description=description)


def place(member: str = "place") -> FieldOf:
    """A point of the view as GeoJSON, longitude before latitude."""

    def point(root: Source) -> Json:
        found = root.get(member)
        if found is None:
            return None
        if "coordinates" in found:
            return found  # org has it as GeoJSON already, other services as two numbers
        return {"type": "Point", "coordinates": [found["longitude"], found["latitude"]]}

    return computed(point, member)


def geometry(member: str) -> FieldOf:
    """GeoJSON that the view carries as text."""

    def parsed(root: Source) -> Json:
        text = root.get(member)
        return None if text is None else msgspec.json.decode(text)

    return computed(parsed, member)


def emergency_type(member: str = "emergencyType") -> FieldOf:
    """The taxonomy's entry for the code in the view."""

    def entry(root: Source) -> Json:
        code = root.get(member)
        return None if code is None else emergency_entry(code)

    return computed(entry, member)


def emergency_entry(code: str) -> Row:
    """Code, class and labels of an emergency type; a leaf without labels is shown by its code."""
    known = EMERGENCY_TYPES.get(code)
    return {
        "code": code,
        "class": emergency_class(code),
        "nameZh": known.name_zh if known else code,
        "nameEn": known.name_en if known else code,
    }


def joined(name: str, *, description: str | None = None) -> FieldOf:
    """The field that JOINS declares as `Type.field`."""

    async def resolve(root: Source, info: Info) -> Json:
        return await read(JOINS[name], root, info)

    return _declared(name, resolve, description)


def joined_by_mode(name: str, *, description: str | None = None) -> FieldOf:
    """A joined list of one mode: an exercise is never in a list that did not ask."""

    async def resolve(root: Source, info: Info, mode: Mode = Mode.REAL) -> Json:
        return await read(JOINS[name], root, info, mode=mode)

    return _declared(name, resolve, description)


def joined_many(name: str, *, description: str | None = None) -> FieldOf:
    """One joined object for each key that the parent lists."""

    async def resolve(root: Source, info: Info) -> Json:
        declared = JOINS[name]
        keys = root.get(declared.key) or []
        return await asyncio.gather(*(read(declared, {declared.key: key}, info) for key in keys))

    return _declared(name, resolve, description)


def permissions(type_name: str) -> FieldOf:
    """What the viewer may do to the object: decided by its service, as for the command itself."""
    return joined(
        f"{type_name}.viewerPermissions",
        description="Every command on it: whether the viewer may, else why not and who may grant it.",
    )


def root(resolver: Callable[..., object], *, description: str | None = None) -> FieldOf:
    """A field of Query or Subscription."""
    return strawberry.field(resolver=resolver, description=description)


def _declared(name: str, resolver: Callable[..., object], description: str | None) -> FieldOf:
    declared = JOINS[name]
    directives: list[object] = []
    parent = VIEWS.get(name.partition(".")[0])
    if parent is None or declared.service is not parent.service:
        directives.append(From(service=declared.service))
    if declared.is_list or declared.always:
        directives.append(SemanticNonNull())
    return strawberry.field(
        resolver=resolver,
        description=description,
        directives=directives,
        metadata={MADE_OF: (declared.key,)},
    )


def page_size(first: int) -> int:
    """`first` when a page may be so large. Raises GatewayError PAGE_TOO_LARGE."""
    if first > PAGE_MAX:
        raise GatewayError(
            f"A page has at most {PAGE_MAX} entries; go on with `after`.", code="PAGE_TOO_LARGE"
        )
    if first < 1:
        raise GatewayError("A page has at least one entry.", code="PAGE_TOO_SMALL")
    return first


def followed(resolver: Callable[..., object]) -> FieldOf:
    """A field of Subscription: the message type is its own, the resolver yields the messages."""
    return strawberry.subscription(resolver=resolver)


async def read(declared: Join, root: Row, info: Info, **args: object) -> Json:
    """The value that `declared` gives for `root`, read together with its siblings.

    Raises ServiceUnavailable when neither the owner nor a copy answers: null is unknown.
    """
    key = root.get(declared.key)
    if key is None:
        return [] if declared.is_list else None
    mask = info.context.mask(info._raw_info)
    if mask is not None and set(mask) <= {declared.key_answers}:
        return {declared.key_answers: key}
    value = await load(declared, info, key=declared.asked(key), fields=mask, args=args)
    return [] if value is None and declared.is_list else value


async def load(
    declared: Join, info: Info, *, key: str, fields: tuple[str, ...] | None, args: Row
) -> Json:
    """The value of `key`, from the copy and marked stale when the owner is away."""
    loaders = info.context.loaders
    try:
        return await loaders.load(
            declared.service, declared.batch, key=key, fields=fields, args=args
        )
    except ServiceUnavailable as away:
        if declared.copy is None:
            raise
        return await _copied(declared, info, key=key, away=away, args=args)


async def _copied(
    declared: Join, info: Info, *, key: str, away: ServiceUnavailable, args: Row
) -> Json:
    assert declared.copy is not None
    context = info.context
    try:
        copy = await context.loaders.load(
            declared.copy.service, declared.copy.batch, key=key, args=args
        )
    except ServiceUnavailable:
        raise away from None
    if copy is None:
        raise away
    context.degrade(away, path=info.path.as_list())
    since = context.backend.upstreams[declared.service].breaker.down_since
    return {**copy, "staleSince": since or context.backend.clock.wall()}
