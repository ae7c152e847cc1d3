"""Copies of the jurisdictions that org publishes: whose area a place lies in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import msgspec
from shapely import Point, prepare
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from vocabulary import Place, parents

Locator: TypeAlias = Callable[[Place], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """What analytics needs to know of a division; `boundary_geojson` is WGS 84."""

    code: str
    name_zh: str
    name_en: str
    parent: str | None = None
    boundary_geojson: str | None = None


def locator(jurisdictions: Iterable[Jurisdiction]) -> Locator:
    """A function from a place to the lowest of these divisions that contains it; None for none."""
    shapes = [
        (one.code, _prepared(one.boundary_geojson)) for one in jurisdictions if one.boundary_geojson
    ]
    shapes.sort(key=lambda one: len(parents(one[0])), reverse=True)

    def locate(place: Place) -> str | None:
        point = Point(place.longitude, place.latitude)
        return next((code for code, boundary in shapes if boundary.covers(point)), None)

    return locate


@lru_cache(maxsize=4096)  # asked for every sample; a city has some hundred divisions
def chain(code: str) -> tuple[str, ...]:
    """The division and its ancestors, lowest first: whose readings a sample there can change."""
    return (code, *parents(code))


def _prepared(geojson: str) -> BaseGeometry:
    boundary = shape(msgspec.json.decode(geojson))
    prepare(boundary)
    return boundary
