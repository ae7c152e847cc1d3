"""The plan as a file: read, checked against the schema and against itself, and made a draft.

Every fault found is reported at once, each with line, column and a stable slug.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError

from chassis.errors import Invalid
from services.plans.domain import plan_checks, source
from services.plans.domain.condition import Condition, Group, When
from services.plans.domain.plan import (
    Level,
    Measure,
    Plan,
    PlanId,
    PlanKind,
    Requirement,
    Start,
    Step,
    version_id,
)
from services.plans.domain.source import Fault, Source
from vocabulary import Place, ResponseLevel

SCHEMA_FILE = FilePath(__file__).parent.parent / "data" / "plan.schema.json"
MAXIMUM_CHARACTERS = 1_000_000  # some 40 times the longest city plan written out in this form
SIGN_WITHIN_MINUTES = (
    30  # the written report of main facts falls due then: reference/domain.md §2.5
)


class PlanFileInvalid(Invalid):
    """The file is not a plan; `faults` in the answer lists everything found."""

    slug = "plan-file-invalid"

    def __init__(self, faults: list[Fault]) -> None:
        first, more = faults[0], len(faults) - 1
        super().__init__(
            f"PLAN L{first.at.line}:C{first.at.column} {first.message}"
            + (f" And {more} more." if more else ""),
            remedy=first.remedy,
            faults=[_told(fault) for fault in faults],
        )
        self.faults = faults


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of plan files."""
    loaded: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return loaded


def parse(text: str) -> Plan:
    """The draft that the file describes. Raises `PlanFileInvalid` with every fault found."""
    if len(text) > MAXIMUM_CHARACTERS:
        fault = Fault(
            "plan-file-too-long", source.Position(1, 1), "Longer than 1,000,000 characters."
        )
        raise PlanFileInvalid([fault])
    try:
        read = source.read(text)
    except source.Unreadable as error:
        raise PlanFileInvalid([error.fault]) from error
    faults = list(_schema_faults(read)) or list(plan_checks.faults(read))
    if faults:
        raise PlanFileInvalid(sorted(faults, key=lambda one: (one.at.line, one.at.column)))
    return _plan(read.data, text)


def _told(fault: Fault) -> dict[str, object]:
    return {
        "slug": fault.slug,
        "line": fault.at.line,
        "column": fault.at.column,
        "message": fault.message,
        "remedy": fault.remedy,
    }


def _schema_faults(read: Source) -> Iterator[Fault]:
    for error in _Validator(schema()).iter_errors(read.data):
        cause = _deepest(error)
        yield Fault("plan-schema", read.at(tuple(cause.absolute_path)), _sentence(cause))


def _pattern(_: object, pattern: str, instance: object, __: object) -> Iterator[ValidationError]:
    """`$` means the end; Python's also matches before a last line break."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _pattern}
)


def _deepest(error: ValidationError) -> ValidationError:
    """Of the alternatives that all failed, the fault that the writer most likely made."""
    while error.context:
        error = max(error.context, key=lambda one: (len(one.absolute_path), not _is_type(one)))
    return error


def _is_type(error: ValidationError) -> bool:
    return error.validator == "type"


def _sentence(error: ValidationError) -> str:
    name = ".".join(str(part) for part in error.absolute_path) or "the plan"
    if _is_type(error) and error.validator_value == "string":
        return f"{name}: {error.instance!r} must be text: put it in quotes."
    return f"{name}: {error.message}."


def _plan(data: dict[str, Any], text: str) -> Plan:
    levels = _levels(data["levels"])
    return Plan(
        id=version_id(data["id"], data["version"]),
        plan_id=PlanId(data["id"]),
        plan_version=data["version"],
        title_zh=data["title"]["zh"],
        title_en=data["title"]["en"],
        kind=PlanKind(data["kind"]),
        jurisdiction=data["jurisdiction"],
        organization_id=data["organization"],
        emergency_types=tuple(data["emergency_types"]),
        effective_from=source.instant(data["effective_from"]),
        effective_to=source.instant(data["effective_to"]) if "effective_to" in data else None,
        source=data["source"],
        levels=levels,
        termination=condition_of(data["termination"]) if "termination" in data else None,
        text=text,
    )


def condition_of(data: Any) -> Condition:  # noqa: ANN401 - checked by the schema
    """The condition that a part of the file spells."""
    match data:
        case str():
            return When(data)
        case {"when": text}:
            return When(text, data.get("sustained_for_minutes", 0))
        case {"all": parts}:
            return Group(len(parts), tuple(map(condition_of, parts)))
        case {"any": parts}:
            return Group(1, tuple(map(condition_of, parts)))
        case _:
            return Group(data["at_least"], tuple(map(condition_of, data["of"])))


def _levels(written: list[dict[str, Any]]) -> tuple[Level, ...]:
    """Levels from most to least severe, each with all that it builds on written out."""
    made: dict[ResponseLevel, Level] = {}
    for data in sorted(written, key=lambda one: ResponseLevel(one["level"]).severity):
        base = made.get(ResponseLevel(data["builds_on"])) if "builds_on" in data else None
        level = _level(data, base)
        made[level.level] = level
    return tuple(reversed(made.values()))


def _level(data: dict[str, Any], base: Level | None) -> Level:
    measures = {one.code: one for one in base.measures} if base else {}
    steps = {one.id: one for one in base.steps} if base else {}
    needs = {one.id: one for one in base.requirements} if base else {}
    measures |= {one["code"]: _measure(one) for one in data.get("measures", ())}
    steps |= {one["id"]: _step(one) for one in data.get("steps", ())}
    needs |= {one["id"]: _requirement(one) for one in data.get("requirements", ())}
    return Level(
        level=ResponseLevel(data["level"]),
        start=Start(data["start"]),
        conditions=condition_of(data["conditions"]),
        hold_down_minutes=data["hold_down_minutes"],
        sign_within_minutes=data.get("sign_within_minutes", SIGN_WITHIN_MINUTES),
        measures=tuple(measures.values()),
        steps=tuple(steps.values()),
        requirements=tuple(needs.values()),
    )


def _measure(data: dict[str, Any]) -> Measure:
    return Measure(
        code=data["code"],
        text_zh=data["text"]["zh"],
        text_en=data["text"]["en"],
        addressee_functions=tuple(data["addressees"]),
        automatic=data.get("automatic", False),
        duration_minutes=data.get("duration_minutes"),
    )


def _step(data: dict[str, Any]) -> Step:
    return Step(
        id=data["id"],
        title_zh=data["title"]["zh"],
        title_en=data["title"]["en"],
        function=data["function"],
        time_limit_minutes=data["time_limit_minutes"],
        after=tuple(data.get("after", ())),
    )


def _requirement(data: dict[str, Any]) -> Requirement:
    place = data.get("place")
    return Requirement(
        id=data["id"],
        capability=data["capability"],
        quantity=data["quantity"],
        unit=data["unit"],
        place=Place(place["longitude"], place["latitude"]) if place else None,
        within_minutes=data.get("within_minutes"),
        severity=data.get("severity", 1),
    )
