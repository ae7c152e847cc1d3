"""Domain values as views: structs of the same field names, camelCase on the wire."""

from typing import TypeVar

import msgspec

V = TypeVar("V")


class View(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What readers get; null is unknown."""


class TextView(View, frozen=True):
    """What a person reads, in both languages."""

    zh: str
    en: str


def shaped(value: object, view: type[V]) -> V:
    """The view of a domain value, field by field."""
    return msgspec.convert(value, view, from_attributes=True)
