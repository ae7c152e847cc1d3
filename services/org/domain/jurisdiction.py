"""Administrative divisions: a tree by GB/T 2260 code, each with people, ground and a state."""

import dataclasses
import json
from dataclasses import dataclass

import shapely
import shapely.geometry

from chassis.errors import Invalid
from vocabulary import JurisdictionState, Place, parents, parse_code

NATION = "000000"


class JurisdictionCodeInvalid(Invalid):
    """The code is not one of GB/T 2260, or its parent is not above it."""

    slug = "jurisdiction-code-invalid"


class BoundaryInvalid(Invalid):
    """The boundary is not a GeoJSON polygon."""

    slug = "boundary-invalid"


class PlaceOutsideJurisdiction(Invalid):
    """The place does not lie in the jurisdiction that is said to hold it."""

    slug = "place-outside-jurisdiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """One division; its id is its code. `state` is who may act how, not a state of emergency."""

    id: str
    version: int = 0
    name_zh: str
    name_en: str
    parent: str | None = None
    population: int | None = None
    area_km2: float | None = None
    boundary_geojson: str | None = None
    state: JurisdictionState = JurisdictionState.NORMAL


@dataclass(frozen=True, slots=True)
class JurisdictionDefined:
    """The division is now as told."""

    jurisdiction: Jurisdiction


def define_jurisdiction(
    present: Jurisdiction | None, wanted: Jurisdiction
) -> tuple[Jurisdiction, JurisdictionDefined | None]:
    """Make the division as `wanted`; no event when it already is.

    Raises JurisdictionCodeInvalid (code or parent) and BoundaryInvalid.
    """
    _check_codes(wanted)
    if wanted.boundary_geojson is not None:
        _polygon(wanted.boundary_geojson)
    version = 0 if present is None else present.version
    defined = dataclasses.replace(wanted, version=version)
    return defined, None if defined == present else JurisdictionDefined(defined)


def check_place(jurisdiction: Jurisdiction | None, place: Place | None) -> None:
    """Pass when the boundary is unknown or holds the place. Raises PlaceOutsideJurisdiction."""
    if jurisdiction is None or jurisdiction.boundary_geojson is None or place is None:
        return
    polygon = _polygon(jurisdiction.boundary_geojson)
    if shapely.covers(polygon, shapely.Point(place.longitude, place.latitude)):
        return
    swapped = -90 <= place.longitude <= 90 and shapely.covers(
        polygon, shapely.Point(place.latitude, place.longitude)
    )
    raise PlaceOutsideJurisdiction(
        f"{place.longitude}, {place.latitude} is not in {jurisdiction.name_en} ({jurisdiction.id})."
        + (" Longitude and latitude look swapped." if swapped else ""),
        field=("place",),
        remedy="Give longitude before latitude and name the coordinate system (placeCrs).",
    )


def lineage(code: str) -> tuple[str, ...]:
    """The division, its ancestors nearest first, and the nation."""
    return (code, *parents(code), NATION) if code != NATION else (NATION,)


def _check_codes(wanted: Jurisdiction) -> None:
    try:
        parse_code(wanted.id)
    except ValueError as error:
        raise JurisdictionCodeInvalid(str(error), field=("code",)) from error
    if wanted.parent is not None and wanted.parent not in lineage(wanted.id)[1:]:
        raise JurisdictionCodeInvalid(
            f"{wanted.parent} is not above {wanted.id}.",
            field=("parent",),
            remedy=f"One of {', '.join(lineage(wanted.id)[1:])}.",
        )


def _polygon(geojson: str) -> shapely.Geometry:
    try:
        shape = shapely.geometry.shape(json.loads(geojson))
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise BoundaryInvalid("The boundary is not GeoJSON.", field=("boundary",)) from error
    if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
        raise BoundaryInvalid("The boundary is not a polygon.", field=("boundary",))
    return shape
