"""Values that request bodies share: codes, colours, places, areas."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

from chassis.edge import Body
from vocabulary import Crs, emergency_class, parse_code

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=5000, strip_whitespace=True)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[^\s,<&]{1,100}$")]
Identity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


def _emergency_type(code: str) -> str:
    emergency_class(code)
    return code


def _geojson(value: Any) -> Any:  # noqa: ANN401 - an object or its text, as clients have it
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else value


def _utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("no calendar has this moment") from None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,12}$"), AfterValidator(parse_code)]
EmergencyType = Annotated[
    str, StringConstraints(pattern=r"^1[1-4][A-Z0-9]{0,4}$"), AfterValidator(_emergency_type)
]
GeoJson = Annotated[str, BeforeValidator(_geojson), StringConstraints(max_length=500_000)]


class PlaceBody(Body):
    """A point as it was typed, in the system that it names."""

    longitude: Annotated[float, "degrees"]
    latitude: Annotated[float, "degrees"]
    crs: Crs = Crs.WGS84


class Expecting(Body):
    """The version that the caller has seen."""

    expected_version: int


class Because(Expecting):
    """The version that the caller has seen, and why."""

    reason: Reason
