"""What two versions of a plan do differently: by the ids of their parts, not by their lines.

Of conditions it says what follows: facts that met a level before and no longer do, and the reverse.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from services.plans.domain import logic
from services.plans.domain.condition import Condition, Group, Response, When
from services.plans.domain.logic import Formula, Method
from services.plans.domain.plan import (
    Information,
    Level,
    Measure,
    Plan,
    Requirement,
    Step,
    Text,
)

_HEADER = (
    *("title_zh", "title_en", "kind", "jurisdiction", "organization_id", "emergency_types"),
    *("effective_from", "effective_to", "source", "superiors", "legal_basis", "risks", "monotone"),
)
_OF_LEVEL = ("start", "hold_down_minutes", "sign_within_minutes")
_PARTS = ("measures", "steps", "requirements")


class Change(StrEnum):
    """What became of a part."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs, by its place: `LEVEL_II`, `steps`, `pumps-out`, `time_limit_minutes`.

    `before` and `after` are as a person reads them. `gained` are facts that meet the conditions
    now and did not before, `lost` the reverse; of those that are None there are none, or, where
    `is_sampled`, none were found.
    """

    place: tuple[str, ...]
    change: Change
    before: str | None = None
    after: str | None = None
    gained: Mapping[str, float] | None = None
    lost: Mapping[str, float] | None = None
    is_sampled: bool = False


def differences(old: Plan, new: Plan) -> list[Difference]:
    """Everything that the newer version does differently; nothing for a text written otherwise."""
    found = list(_fields(old, new, place=(), names=_HEADER))
    found += _named(_by_id(old.information), _by_id(new.information), place=("information",))
    before = {level.level: level for level in old.levels}
    after = {level.level: level for level in new.levels}
    for level in sorted({*before, *after}, key=lambda one: one.severity):
        found += _levels(before.get(level), after.get(level), place=(level.value,))
    found += _conditions(old.termination, new.termination, place=("termination",))
    return found


def written(condition: Condition) -> str:
    """The condition on one line, as a person reads it."""
    match condition:
        case When(text=text, sustained_for_minutes=0):
            return text
        case When(text=text, sustained_for_minutes=minutes):
            return f"{text} for {minutes} min"
        case Response(emergency_type=kind, at_least=level):
            return f"response to {kind} at least {level.value}"
        case Group(need=need, of=parts):
            inner = [
                f"({written(one)})" if isinstance(one, Group) else written(one) for one in parts
            ]
            if need == len(parts):
                return " and ".join(inner)
            return " or ".join(inner) if need == 1 else f"at least {need} of: {', '.join(inner)}"


def _levels(
    before: Level | None, after: Level | None, *, place: tuple[str, ...]
) -> Iterator[Difference]:
    if before is None or after is None:
        change = Change.ADDED if before is None else Change.REMOVED
        old = before.conditions if before else None
        new = after.conditions if after else None
        yield Difference(place, change, _in_words(old), _in_words(new))
        return
    yield from _fields(before, after, place=place, names=_OF_LEVEL)
    yield from _conditions(before.conditions, after.conditions, place=(*place, "conditions"))
    for part in _PARTS:
        yield from _named(
            _by_id(getattr(before, part)), _by_id(getattr(after, part)), place=(*place, part)
        )


def _in_words(condition: Condition | None) -> str | None:
    return None if condition is None else written(condition)


def _conditions(
    before: Condition | None, after: Condition | None, *, place: tuple[str, ...]
) -> Iterator[Difference]:
    if before == after:
        return
    if before is None or after is None:
        change = Change.ADDED if before is None else Change.REMOVED
        yield Difference(place, change, _in_words(before), _in_words(after))
        return
    old, new = logic.formula_of(before), logic.formula_of(after)
    gained, lost = _only(new, old), _only(old, new)
    yield Difference(
        place,
        Change.CHANGED,
        written(before),
        written(after),
        gained=gained.facts,
        lost=lost.facts,
        is_sampled=Method.DECIDED not in (gained.method, lost.method)
        or gained.method is not lost.method,
    )


def _only(one: Formula, other: Formula) -> logic.Found:
    return logic.find(logic.all_of(one, logic.Not(other)))


_Part = Measure | Step | Requirement | Information


def _by_id(parts: Iterable[_Part]) -> dict[str, _Part]:
    return {one.code if isinstance(one, Measure) else one.id: one for one in parts}


def _named(
    before: Mapping[str, _Part], after: Mapping[str, _Part], *, place: tuple[str, ...]
) -> Iterator[Difference]:
    for id in sorted({*before, *after}):
        if id not in before:
            yield Difference((*place, id), Change.ADDED, after=_said(after[id]))
        elif id not in after:
            yield Difference((*place, id), Change.REMOVED, before=_said(before[id]))
        else:
            names = [one.name for one in fields(before[id])]
            yield from _fields(before[id], after[id], place=(*place, id), names=names)


def _fields(
    before: object, after: object, *, place: tuple[str, ...], names: Iterable[str]
) -> Iterator[Difference]:
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Difference((*place, name), Change.CHANGED, _said(old), _said(new))


def _said(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case tuple():
            return ", ".join(_said(one) for one in value) or "none"
        case Step() | Measure() | Information() | Text():
            return _named_en(value)
        case Requirement(quantity=quantity, unit=unit, capability=capability):
            return f"{quantity} {unit} of {capability}"
        case _:
            return str(value)


def _named_en(value: Step | Measure | Information | Text) -> str:
    match value:
        case Step(title_en=title):
            return title
        case Measure(text_en=text):
            return text
        case Information(name=name):
            return name.en
        case Text(en=text):
            return text
