"""Scalars and enumerations of the schema: RFC 3339 with the country's offset, GeoJSON, codes."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, NewType

import strawberry
from graphql import GraphQLError

from gateway.errors import Service
from vocabulary import (
    Crs,
    DutyKind,
    EmergencyClass,
    Grade,
    JurisdictionState,
    LegalGap,
    LegalVerdict,
    Mode,
    OrganizationKind,
    ResponseLevel,
    WarningColour,
)

OFFSET = timezone(timedelta(hours=8))  # China Standard Time, the one offset of the country


def _written(value: object) -> str:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return instant.astimezone(OFFSET).isoformat()


def _instant(value: object) -> datetime:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        raise GraphQLError(f"{value!r} is not RFC 3339, e.g. 2021-07-20T16:01:00+08:00.") from None
    if instant.tzinfo is None:
        raise GraphQLError(f"{value!r} has no offset, e.g. 2021-07-20T16:01:00+08:00.")
    return instant


def _geometry(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or "type" not in value:
        raise GraphQLError('Expected an RFC 7946 geometry, e.g. {"type": "Point", …}.')
    return value


GeoJSON = NewType("GeoJSON", Mapping[str, Any])
Cursor = NewType("Cursor", str)

SCALARS: Mapping[object, Any] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="RFC 3339 with offset. Answers carry the jurisdiction's offset (+08:00), "
        "never a bare Z-less local time.",
        serialize=_written,
        parse_value=_instant,
    ),
    GeoJSON: strawberry.scalar(
        name="GeoJSON",
        description="RFC 7946 geometry, WGS 84 (CGCS2000 counts as equal), lon before lat.",
        serialize=lambda value: value,
        parse_value=_geometry,
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description="Opaque. Stays valid while the list changes.",
        serialize=str,
        parse_value=str,
    ),
}

# The vocabulary's scales are the schema's: each is registered under its own name.
for scale, meaning in (
    (Crs, "Coordinate system of a typed place; converted on entry, the original kept."),
    (DutyKind, "What taking a measure obliges to: to tell somebody, or to make good."),
    (EmergencyClass, "The four classes of the law."),
    (Grade, "Of an incident, from most to least severe. `atLeast: GRADE_II` means II or I."),
    (JurisdictionState, "A state of emergency is a national act, never a city's."),
    (
        LegalGap,
        "What is missing for leave, in the order in which it is looked for; with the first two the "
        "answer is UNKNOWN.",
    ),
    (
        LegalVerdict,
        "May this be done? UNKNOWN: no provisions are loaded, so the law cannot be asked.",
    ),
    (Mode, "REAL, or a rehearsal of people: an exercise is never in a list that did not ask."),
    (OrganizationKind, "Kinds of units that can owe and answer."),
    (ResponseLevel, "Of a response in force, from most to least severe: I is the most severe."),
    (WarningColour, "How warning levels 1 to 4 are shown: red is level 1."),
    (Service, "The four services behind this schema."),
):
    strawberry.enum(scale, description=meaning)


@strawberry.enum
class Lang(StrEnum):
    """Language of a label; codes are never translated."""

    ZH = "ZH"
    EN = "EN"
