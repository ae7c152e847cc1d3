"""A copied jurisdiction, and which divisions an area on the ground touches, covers and lies in."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from chassis.errors import Invalid, Unavailable
from services.guarantee.domain import cap
from vocabulary import Place, is_within, parents, parse_code

# Agencies draw their own outline of a division: one that differs by a street still covers it.
COVERED_SHARE = 0.99  # of the division's ground
CONTAINED_SHARE = 0.99  # of the area's ground
NATION = "000000"
CIRCLE_STEPS = 64  # corners: within 0.2 % of the disc's ground
KM_PER_DEGREE = 111.195  # of latitude, mean Earth radius
OUTLINE_DIGITS = 6  # of degrees: a decimetre
LARGEST_OUTLINE = 64 * 1024  # characters; an event may have 240 KiB in all
FINEST, COARSEST = 1e-4, 1.0  # degrees of simplification: 11 m to 111 km
MOST_SHAPES = 200  # in one message; the union of as many overlapping discs takes 0.2 s
MOST_CROSSING = 200  # corners of self-crossing rings; untangling as many random ones takes 0.5 s
EMPTY = shapely.Polygon()
_NO_GEOJSON = (  # all that json and shapely raise over a text that is none
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    shapely.errors.ShapelyError,
)


class AreaOutsideJurisdictions(Invalid):
    """The area touches no division that is known here."""

    slug = "area-outside-jurisdictions"


class JurisdictionsNotLoaded(Unavailable):
    """No division is known yet, so no area can be placed."""

    slug = "jurisdictions-not-loaded"


class AreaUnreadable(Invalid):
    """The GeoJSON is no polygon on Earth."""

    slug = "area-unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """What guarantee keeps of a division; `id` is its GB/T 2260 code."""

    id: str
    name_zh: str
    name_en: str
    parent: str | None = None
    population: int | None = None
    boundary_geojson: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """An area placed among the divisions."""

    jurisdiction: str
    areas: tuple[str, ...]
    geojson: str | None
    exceeds: bool = False


def locate(
    ground: BaseGeometry, *, codes: Sequence[str], jurisdictions: Sequence[Jurisdiction]
) -> Footprint:
    """Place an area: the lowest division that contains it, and every division that it covers wholly.

    `codes` are divisions that the area names; they count with all that lies in them. Raises
    JurisdictionsNotLoaded when ground must be placed and nothing is known, and
    AreaOutsideJurisdictions when it touches nothing that is known.
    """
    whole = _with_outlines(ground, codes, jurisdictions)
    containing, exceeds = _containing(ground, codes=codes, jurisdictions=jurisdictions)
    covered = {
        one.id
        for one in jurisdictions
        if any(is_within(one.id, code) for code in codes) or _is_covered(one, whole)
    }
    return Footprint(
        jurisdiction=containing,
        areas=tuple(sorted(covered | set(codes))),
        geojson=None if whole.is_empty else outline(whole),
        exceeds=exceeds,
    )


def outline(ground: BaseGeometry) -> str:
    """Return the ground as GeoJSON, simplified as far as it takes to travel in an event."""
    tolerance = 0.0  # degrees
    text = _geojson(ground)
    while len(text) > LARGEST_OUTLINE and tolerance < COARSEST:
        tolerance = max(FINEST, tolerance * 4)
        text = _geojson(ground.simplify(tolerance))
    return text


def _geojson(ground: BaseGeometry) -> str:
    rounded = shapely.transform(ground, lambda corners: corners.round(OUTLINE_DIGITS))
    return json.dumps(mapping(rounded), separators=(",", ":"))


def ground_of(areas: Iterable[cap.Area]) -> BaseGeometry:
    """Return the union of all polygons and circles, longitude first, WGS 84.

    Raises AreaUnreadable for more shapes, or more crossing lines, than can be worked out in time.
    """
    pieces = [
        *(_polygon(ring) for area in areas for ring in area.polygons),
        *(_disc(circle) for area in areas for circle in area.circles),
    ]
    if len(pieces) > MOST_SHAPES:
        raise _unreadable(f"more than {MOST_SHAPES} shapes")
    crossing = sum(shapely.get_num_coordinates(one) for one in pieces if not one.is_valid)
    if crossing > MOST_CROSSING:
        raise _unreadable("its lines cross themselves")
    return unary_union([_uncrossed(one) for one in pieces]) if pieces else EMPTY


def ground_of_geojson(document: str | None) -> BaseGeometry:
    """Return the ground of a GeoJSON Polygon or MultiPolygon. Raises AreaUnreadable."""
    if document is None:
        return EMPTY
    try:
        ground = shape(json.loads(document))
        if not ground.is_valid and shapely.get_num_coordinates(ground) > MOST_CROSSING:
            raise _unreadable("its lines cross themselves")
        ground = _uncrossed(ground)
    except _NO_GEOJSON:
        raise _unreadable("it is no GeoJSON geometry") from None
    if ground.geom_type not in {"Polygon", "MultiPolygon"} or ground.is_empty:
        raise _unreadable(f"{ground.geom_type} is no Polygon or MultiPolygon")
    west, south, east, north = ground.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise _unreadable("longitude comes first and both are degrees: swapped?")
    return ground


def _uncrossed(ground: BaseGeometry) -> BaseGeometry:
    return ground if ground.is_valid else shapely.make_valid(ground, method="structure")


def _unreadable(why: str) -> AreaUnreadable:
    return AreaUnreadable(f"The area cannot be read: {why}.", field=("area",))


@lru_cache(maxsize=1024)
def geometry(document: str) -> BaseGeometry:
    """Return the valid geometry of a GeoJSON text; kept, since outlines are read again and again."""
    return _uncrossed(shape(json.loads(document)))


def middle(jurisdiction: Jurisdiction) -> Place | None:
    """Return a point inside the division, or None when its outline is unknown."""
    if jurisdiction.boundary_geojson is None:
        return None
    point = geometry(jurisdiction.boundary_geojson).representative_point()
    return Place(point.x, point.y)


def is_inside(place: Place, jurisdiction: Jurisdiction) -> bool:
    """Whether the point lies in the division; True when its outline is unknown."""
    if jurisdiction.boundary_geojson is None:
        return True
    return bool(
        geometry(jurisdiction.boundary_geojson).covers(
            shapely.Point(place.longitude, place.latitude)
        )
    )


def common_ancestor(codes: Iterable[str]) -> str:
    """Return the lowest division in which all the codes lie; the nation when there is none."""
    first, *others = sorted(codes)
    lines = [first, *parents(first)]
    return next((line for line in lines if all(is_within(other, line) for other in others)), NATION)


def known_codes(geocodes: Iterable[cap.Named], names: frozenset[str]) -> tuple[str, ...]:
    """Return the GB/T 2260 codes among CAP geocodes; others are none of ours."""
    return tuple(dict.fromkeys(filter(_is_code, cap.named(tuple(geocodes), names))))


def _is_code(value: str) -> bool:
    try:
        parse_code(value)
    except ValueError:
        return False
    return value.isascii()


def _containing(
    ground: BaseGeometry, *, codes: Sequence[str], jurisdictions: Sequence[Jurisdiction]
) -> tuple[str, bool]:
    if ground.is_empty:
        return common_ancestor(codes or [_nothing(jurisdictions)]), False
    holders = [one.id for one in jurisdictions if _contains(one, ground)]
    if holders:
        lowest = max(holders, key=lambda code: len(parents(code)))
        return common_ancestor([lowest, *codes]), False
    touched = [one.id for one in jurisdictions if _touches(one, ground)]
    if not touched and not codes:
        _nothing(jurisdictions)
    ancestor = common_ancestor([*touched, *codes])
    return next(iter(parents(ancestor)), NATION) if touched else ancestor, bool(touched)


def _nothing(jurisdictions: Sequence[Jurisdiction]) -> str:
    if not jurisdictions:
        raise JurisdictionsNotLoaded(
            "No division is known yet.", remedy="Send the same message again in a minute."
        )
    raise AreaOutsideJurisdictions(
        "The area touches no division that is known here.",
        field=("area",),
        remedy="Check the order of the coordinates, or name divisions by GB/T 2260 geocode.",
    )


def _with_outlines(
    ground: BaseGeometry, codes: Sequence[str], jurisdictions: Sequence[Jurisdiction]
) -> BaseGeometry:
    outlines = [
        geometry(one.boundary_geojson)
        for one in jurisdictions
        if one.id in codes and one.boundary_geojson is not None
    ]
    return unary_union([ground, *outlines]) if outlines else ground


def _contains(jurisdiction: Jurisdiction, ground: BaseGeometry) -> bool:
    if jurisdiction.boundary_geojson is None:
        return False
    outline = geometry(jurisdiction.boundary_geojson)
    if ground.area == 0:
        return bool(outline.covers(ground))
    return bool(outline.intersection(ground).area >= CONTAINED_SHARE * ground.area)


def _touches(jurisdiction: Jurisdiction, ground: BaseGeometry) -> bool:
    outline = jurisdiction.boundary_geojson
    return outline is not None and bool(geometry(outline).intersects(ground))


def _is_covered(jurisdiction: Jurisdiction, ground: BaseGeometry) -> bool:
    if jurisdiction.boundary_geojson is None or ground.area == 0:
        return False
    outline = geometry(jurisdiction.boundary_geojson)
    return bool(outline.intersection(ground).area >= COVERED_SHARE * outline.area)


def _polygon(ring: cap.Ring) -> BaseGeometry:
    return shapely.Polygon([(longitude, latitude) for latitude, longitude in ring])


def _disc(circle: cap.Circle) -> BaseGeometry:
    """Return the disc as a polygon in degrees; near a pole it is cut at the map's edge."""
    if circle.radius_km == 0:
        return shapely.Point(circle.longitude, circle.latitude)
    north = circle.radius_km / KM_PER_DEGREE
    east = north / max(0.01, math.cos(math.radians(circle.latitude)))
    turns = (2 * math.pi * step / CIRCLE_STEPS for step in range(CIRCLE_STEPS))
    return shapely.Polygon(
        [
            (
                _clamp(circle.longitude + east * math.cos(turn), 180),
                _clamp(circle.latitude + north * math.sin(turn), 90),
            )
            for turn in turns
        ]
    )


def _clamp(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))
