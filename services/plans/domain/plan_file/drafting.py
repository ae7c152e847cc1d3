"""Checked plain values of a plan file made a draft."""

from dataclasses import replace
from typing import Any

from services.plans.domain import condition
from services.plans.domain.condition import Condition, Group, Response, When
from services.plans.domain.plan import (
    Information,
    Level,
    Measure,
    Phase,
    Plan,
    PlanId,
    PlanKind,
    Requirement,
    Start,
    Step,
    Text,
    version_id,
)
from services.plans.domain.plan_file import source
from vocabulary import Place, ResponseLevel

SIGN_WITHIN_MINUTES = (
    30  # the written report of main facts falls due then: reference/domain.md §2.5
)


def draft_of(data: dict[str, Any], text: str) -> Plan:
    """The draft that the values describe; `text` is kept as its writers wrote it."""
    plan = Plan(
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
        levels=_levels(data["levels"]),
        termination=condition_of(data["termination"]) if "termination" in data else None,
        superiors=tuple(PlanId(one) for one in data.get("superiors", ())),
        legal_basis=tuple(data.get("legal_basis", ())),
        risks=tuple(Text(one["zh"], one["en"]) for one in data.get("risks", ())),
        information=tuple(_information(id, one) for id, one in data.get("information", {}).items()),
        text=text,
    )
    return replace(plan, monotone=_monotone(data.get("monotone", False), plan))


def condition_of(data: Any) -> Condition:  # noqa: ANN401 - checked by the schema
    """The condition that a part of the file spells."""
    match data:
        case str():
            return When(data)
        case {"when": text}:
            return When(text, data.get("sustained_for_minutes", 0))
        case {"response": kind, "at_least": level}:
            return Response(kind, ResponseLevel(level))
        case {"all": parts}:
            return Group(len(parts), tuple(map(condition_of, parts)))
        case {"any": parts}:
            return Group(1, tuple(map(condition_of, parts)))
        case _:
            return Group(data["at_least"], tuple(map(condition_of, data["of"])))


def _monotone(written: bool | list[str], plan: Plan) -> tuple[str, ...]:
    if isinstance(written, list):
        return tuple(written)
    return tuple(sorted(one for level in plan.levels for one in _read(level))) if written else ()


def _read(level: Level) -> set[str]:
    return {name for leaf in condition.leaves(level.conditions) for name in condition.reads(leaf)}


def _information(id: str, data: dict[str, Any]) -> Information:
    name = Text(data["name"]["zh"], data["name"]["en"])
    return Information(id, name, data.get("from"))


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
        phase=Phase(data.get("phase", Phase.RESPONSE)),
        needs=tuple(data.get("needs", ())),
        gives=tuple(data.get("gives", ())),
        passes_up=tuple(data.get("passes_up", ())),
        passes_down=tuple(data.get("passes_down", ())),
        measures=tuple(data.get("measures", ())),
        uses=tuple(data["uses"]) if "uses" in data else None,
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
