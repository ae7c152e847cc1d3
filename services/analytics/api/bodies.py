"""What callers send."""

from typing import Annotated

from pydantic import Field

from chassis import edge

Text = Annotated[str, Field(min_length=1, max_length=128)]


class PlaceBody(edge.Body):
    """A point, WGS 84 degrees."""

    longitude: Annotated[float, Field(ge=-180, le=180)]
    latitude: Annotated[float, Field(ge=-90, le=90)]


class RegisterStation(edge.Body):
    """A station: where it stands, what it measures, how often it should be heard."""

    name: Text
    place: PlaceBody
    jurisdiction: Annotated[str, Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]
    metrics: Annotated[list[Text], Field(min_length=1, max_length=32)]
    interval_seconds: Annotated[int, Field(ge=1, le=86_400)]
    expected_version: Annotated[int, Field(ge=0)] | None = None
