"""Values that request bodies share: codes, texts, places, versions; and who may act."""

from typing import Annotated, Any, Literal

import msgspec
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from chassis.edge import Body
from chassis.errors import Invalid
from services.org import domain
from vocabulary import Crs, Place, emergency_class, parse_code, to_wgs84

OPERATORS = frozenset({"operator"})
VIEWERS = frozenset({"viewer"})  # whoever holds a role at all
OFFICERS = frozenset({"duty_officer", "commander"})

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=5000, strip_whitespace=True)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Identity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,100}$")]


# what an issuer calls a person: printable, and no word of a path
Subject = Annotated[str, StringConstraints(pattern=r"^[!-.0-~]{1,200}$")]


class PlaceInvalid(Invalid):
    """The point is not on Earth."""

    slug = "place-invalid"


def _emergency_type(code: str) -> str:
    emergency_class(code)
    return code


def _geojson(value: Any) -> Any:  # noqa: ANN401 - an object or its text, as clients have it
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else value


Code = Annotated[str, AfterValidator(parse_code)]
EmergencyType = Annotated[
    str, StringConstraints(pattern=r"^1[1-4][A-Z0-9]{0,4}$"), AfterValidator(_emergency_type)
]
GeoJson = Annotated[str, BeforeValidator(_geojson), StringConstraints(max_length=500_000)]


class Point(Body):
    """A GeoJSON point as it was typed, longitude first, in the system that `placeCrs` names."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class Expecting(Body):
    """The version that the caller has seen."""

    expected_version: int


class Because(Expecting):
    """The version that the caller has seen, and why."""

    reason: Reason


class FactBody(Body):
    """One figure of one source; without `value` it is unknown, which is not zero."""

    metric: Line
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    unit: Line
    source: Line
    observed_at: AwareDatetime
    correction_reason: Reason | None = None


def given_place(point: Point, crs: Crs) -> tuple[Place, domain.GivenPlace]:
    """The WGS 84 point and what was given. Raises PlaceInvalid."""
    longitude, latitude = point.coordinates
    try:
        place = to_wgs84(longitude, latitude, crs)
    except ValueError as error:
        raise PlaceInvalid(str(error), field=("place",)) from error
    return place, domain.GivenPlace(longitude=longitude, latitude=latitude, crs=crs)
