"""Whether the levels of a plan can do what they say: reached, given, and never lower for more.

Decided over all facts within the frame (domain/logic); what lies outside is sampled and says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.plans.domain import condition, logic
from services.plans.domain.logic import Formula, Method
from services.plans.domain.plan_file.drafting import condition_of
from services.plans.domain.plan_file.source import Fault, Path, Severity, Source
from vocabulary import ResponseLevel


@dataclass(frozen=True, slots=True)
class _Stage:
    """One level with its conditions as a formula, and where they stand."""

    level: ResponseLevel
    formula: Formula
    path: Path


def faults(read: Source) -> Iterator[Fault]:
    """Conditions that nothing meets, levels that are never given, levels that fall for more."""
    stages = _stages(read)
    reached = [stage for stage in stages if logic.find(stage.formula).facts is not None]
    for stage in stages:
        if stage in reached:
            yield from _parts(read, stage.path, read.data["levels"][stage.path[1]]["conditions"])
        else:
            yield from _unreachable(read, stage)
    for number, stage in enumerate(reached):
        yield from _never_given(read, stage, severer=reached[:number])
    yield from _falling(read, stages)
    yield from _outside(read, stages)


def in_words(facts: Mapping[str, float]) -> str:
    """Facts as a person reads them: `rain_3h_mm = 100, held for 60 min`."""
    told = [f"{name} = {value:g}" for name, value in sorted(facts.items()) if name != logic.HELD]
    held = facts.get(logic.HELD)
    return ", ".join([*told, *([f"held for {held:g} min"] if held else [])]) or "any facts"


def _stages(read: Source) -> list[_Stage]:
    """From most to least severe."""
    found = [
        _Stage(
            ResponseLevel(level["level"]),
            logic.formula_of(condition_of(level["conditions"])),
            ("levels", index, "conditions"),
        )
        for index, level in enumerate(read.data["levels"])
    ]
    return sorted(found, key=lambda one: -one.level.severity)


def _unreachable(read: Source, stage: _Stage) -> Iterator[Fault]:
    found = logic.find(stage.formula)
    if found.method is Method.GAVE_UP:
        return
    yield Fault(
        "condition-unreachable",
        read.at(stage.path),
        f"{stage.level} is never met: no facts meet its conditions{_how(found)}.",
        "Look for limits that exclude one another, or values outside an indicator's range.",
        Severity.ERROR if found.method is Method.DECIDED else Severity.WARNING,
    )


def _parts(read: Source, path: Path, part: Any) -> Iterator[Fault]:  # noqa: ANN401 - checked by the schema
    """Single expressions that nothing meets, in a level that is reached without them."""
    match part:
        case {"all": parts} | {"any": parts} | {"of": parts}:
            key = next(key for key in ("all", "any", "of") if key in part)
            for index, one in enumerate(parts):
                yield from _parts(read, (*path, key, index), one)
        case _:
            found = logic.find(logic.formula_of(condition_of(part)))
            if found.facts is None and found.method is Method.DECIDED:
                text = next(condition.leaves(condition_of(part))).text
                at, message = read.at(path), f"`{text}` is never true."
                yield Fault(
                    "condition-unreachable", at, message, "Leave it out, or mend its limits."
                )


def _never_given(read: Source, stage: _Stage, *, severer: list[_Stage]) -> Iterator[Fault]:
    """Mistake 20: a level stricter than a severer one is met only when that one is met too."""
    alone = logic.all_of(stage.formula, *(logic.Not(one.formula) for one in severer))
    found = logic.find(alone)
    if found.facts is not None or found.method is not Method.DECIDED:
        return
    example = logic.find(stage.formula).facts or {}
    met = next(one for one in severer if logic.holds(one.formula, example))
    yield Fault(
        "plan-levels-not-monotone",
        read.at(stage.path),
        f"{stage.level} is never given: facts that meet it meet a severer level,"
        f" for example {in_words(example)} meets {met.level}.",
        f"Make {stage.level} less strict than {met.level}, or leave it out.",
    )


def _falling(read: Source, stages: list[_Stage]) -> Iterator[Fault]:
    """Where the plan says that more is never less: a pair of facts that shows the opposite."""
    declared = read.data.get("monotone", False)
    if declared is False:
        return
    formulas = [stage.formula for stage in stages]
    read_names = {atom.indicator for one in formulas for atom in logic.atoms(one)} - {logic.HELD}
    for name in sorted(read_names if declared is True else set(declared) & read_names):
        for number, stage in enumerate(stages, start=1):
            counter = logic.falling(logic.any_of(*formulas[:number]), name)
            if counter is None:
                continue
            low, high, rest = counter
            yield Fault(
                "plan-levels-not-monotone",
                read.at(("monotone",)),
                f"{name} from {low:g} to {high:g} leaves {stage.level}, with {in_words(rest)}.",
                f"Mend the conditions, or do not name {name} as monotone.",
            )
            break


def _outside(read: Source, stages: list[_Stage]) -> Iterator[Fault]:
    for stage in stages:
        for opaque in logic.opaques(stage.formula):
            yield Fault(
                "condition-not-decidable",
                read.at(stage.path),
                f"`{opaque.text}` compares more than an indicator with a constant:"
                " what is said of it for all facts is sampled, not proven.",
                "Register what it computes as an indicator of its own, if others should rely on it.",
                Severity.NOTE,
            )


def _how(found: logic.Found) -> str:
    return "" if found.method is Method.DECIDED else f" among {found.tried} that were sampled"
