"""The exercise as a file: read, checked, and made an exercise with its script."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from chassis.errors import Invalid
from services.plans.domain.exercise import Exercise, ExerciseType, Objective
from services.plans.domain.inject import (
    FiguresPart,
    IncidentPart,
    IndicatorPart,
    Inject,
    ReportPart,
    SignalPart,
    Stated,
)
from services.plans.domain.plan import Text
from services.plans.domain.plan_file import form, source
from services.plans.domain.plan_file.source import Fault, Source
from vocabulary import INDICATORS, Place, WarningColour

SCHEMA_FILE = Path(__file__).parents[1] / "data" / "exercise.schema.json"
MAXIMUM_CHARACTERS = 1_000_000  # as for plan files

NewId = Callable[[str], str]


class ExerciseFileInvalid(Invalid):
    """The file is no exercise; `faults` in the answer lists everything found."""

    slug = "exercise-file-invalid"

    def __init__(self, faults: Sequence[Fault]) -> None:
        first, more = faults[0], len(faults) - 1
        super().__init__(
            f"EXERCISE L{first.at.line}:C{first.at.column} {first.message}"
            + (f" And {more} more." if more else ""),
            remedy=first.remedy,
            faults=[
                {
                    "slug": one.slug,
                    "line": one.at.line,
                    "column": one.at.column,
                    "message": one.message,
                    "remedy": one.remedy,
                }
                for one in faults
            ],
        )


@dataclass(frozen=True, slots=True)
class Script:
    """An exercise with the facts of its script, in the order in which they come."""

    exercise: Exercise
    injects: tuple[Inject, ...]


@cache
def exercise_schema() -> dict[str, Any]:
    """The published JSON Schema of exercise files."""
    loaded: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return loaded


def parse_exercise(text: str, new_id: NewId) -> Script:
    """The exercise that the file describes. Raises `ExerciseFileInvalid` with everything found."""
    try:
        if len(text) > MAXIMUM_CHARACTERS:
            at = source.Position(1, 1)
            raise source.Unreadable(Fault("exercise-file-too-long", at, "It is too long."))
        read = source.read(text)
    except source.Unreadable as error:
        raise ExerciseFileInvalid([error.fault]) from error
    misshapen = (
        replace(one, slug="exercise-schema") for one in form.faults(read, exercise_schema())
    )
    faults = list(misshapen) or list(_faults(read))
    if faults:
        faults.sort(key=lambda one: (one.at.line, one.at.column))
        raise ExerciseFileInvalid(faults)
    return _script(read.data, new_id)


def _faults(read: Source) -> Iterator[Fault]:
    """Everything wrong with an exercise that follows the schema."""
    data = read.data
    try:
        starts, ends = source.instant(data["starts_at"]), source.instant(data["ends_at"])
    except ValueError as error:
        yield Fault("instant-invalid", read.at(()), f"{error}.")
        return
    if ends <= starts:
        yield Fault("period-empty", read.at(("ends_at",)), "ends_at is not after starts_at.")
    length = (ends - starts).total_seconds() / 60
    seen: dict[str, dict[str, Any]] = {}
    for index, one in enumerate(data["injects"]):
        at = read.at(("injects", index))
        if one["id"] in seen:
            yield Fault("inject-repeated", at, f"{one['id']} stands here twice.")
        if one["at_minutes"] > length >= 0:
            yield Fault("inject-after-end", at, f"{one['id']} comes after the end.")
        yield from _part_faults(read, index, before=seen)
        seen[one["id"]] = one


def _part_faults(read: Source, index: int, *, before: dict[str, Any]) -> Iterator[Fault]:
    one = read.data["injects"][index]
    path = ("injects", index)
    for part, kind, keys in (
        ("signal", "signal", one.get("signal", {}).get("replaces", ())),
        ("figures", "incident", [one["figures"]["incident"]] if "figures" in one else ()),
    ):
        for key in keys:
            if kind not in before.get(key, {}) or before[key]["at_minutes"] > one["at_minutes"]:
                message = f"{key} is no {kind} that comes before {one['id']}."
                yield Fault("inject-unknown", read.at((*path, part)), message)
    for part, name, service in _stated(one):
        registered = INDICATORS.get(name)
        if registered is None or registered.source != service:
            yield Fault(
                "indicator-unknown",
                read.at((*path, part)),
                f"{name} is no indicator that {'is measured' if service != 'org' else 'people report'}.",
                "See `uem plan indicators`.",
            )


def _stated(one: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Which indicators the fact names, in which part, and which service says such ones."""
    for part in ("incident", "figures"):
        for name in one.get(part, {}).get("values", ()):
            yield part, name, "org"
    if "indicator" in one:
        yield "indicator", one["indicator"]["indicator"], "analytics"


def _script(data: dict[str, Any], new_id: NewId) -> Script:
    exercise = Exercise(
        id=new_id("exe"),
        type=ExerciseType(data["type"]),
        title_zh=data["title"]["zh"],
        title_en=data["title"]["en"],
        plan_id=data["plan"],
        plan_version=data["version"],
        jurisdiction=data["jurisdiction"],
        organization_id=data["organization"],
        participants=tuple(data["participants"]),
        planned_from=source.instant(data["starts_at"]),
        planned_to=source.instant(data["ends_at"]),
        objectives=tuple(
            Objective(one["id"], _text(one["text"])) for one in data.get("objectives", ())
        ),
    )
    written = sorted(data["injects"], key=lambda one: one["at_minutes"])
    return Script(exercise, tuple(_inject(one, exercise, new_id("inj")) for one in written))


def _inject(data: dict[str, Any], exercise: Exercise, id: str) -> Inject:
    indicator = data.get("indicator")
    return Inject(
        id=id,
        exercise_id=exercise.id,
        organization_id=exercise.organization_id,
        key=data["id"],
        offset_minutes=data["at_minutes"],
        text=_text(data["text"]) if "text" in data else None,
        signal=_signal(data["signal"]) if "signal" in data else None,
        incident=_incident(data["incident"]) if "incident" in data else None,
        figures=_figures(data["figures"]) if "figures" in data else None,
        report=_report(data["report"]) if "report" in data else None,
        indicator=IndicatorPart(
            indicator=indicator["indicator"],
            jurisdiction=indicator.get("jurisdiction", exercise.jurisdiction),
            value=indicator["value"],
        )
        if indicator
        else None,
    )


def _signal(data: dict[str, Any]) -> SignalPart:
    return SignalPart(
        emergency_type=data["emergency_type"],
        colour=WarningColour(data["colour"]),
        areas=tuple(data["areas"]),
        headline=_text(data["headline"]) if "headline" in data else None,
        valid_minutes=data.get("valid_minutes"),
        replaces=tuple(data.get("replaces", ())),
    )


def _incident(data: dict[str, Any]) -> IncidentPart:
    return IncidentPart(
        title=data["title"],
        emergency_type=data["emergency_type"],
        jurisdiction=data["jurisdiction"],
        place=_place(data["place"]),
        figures=_values(data.get("values", {})),
    )


def _figures(data: dict[str, Any]) -> FiguresPart:
    return FiguresPart(incident=data["incident"], figures=_values(data["values"]))


def _report(data: dict[str, Any]) -> ReportPart:
    return ReportPart(
        text=data["text"],
        jurisdiction=data["jurisdiction"],
        emergency_type=data.get("emergency_type"),
        place=_place(data["place"]) if "place" in data else None,
    )


def _values(data: dict[str, float | None]) -> tuple[Stated, ...]:
    return tuple(Stated(metric, value) for metric, value in data.items())


def _place(data: dict[str, float]) -> Place:
    return Place(data["longitude"], data["latitude"])


def _text(data: dict[str, str]) -> Text:
    return Text(data["zh"], data["en"])
