"""What a plan refers to by id is there: steps, measures, requirements, information, indicators."""

import graphlib
from collections.abc import Iterator, Mapping
from typing import Any

from services.plans.domain.plan_file.source import Fault, Path, Source
from vocabulary import INDICATORS, ResponseLevel

_Data = dict[str, Any]


def faults(read: Source) -> Iterator[Fault]:
    """Every id that names nothing, and steps that wait for each other."""
    levels = {level["level"]: level for level in read.data["levels"]}
    for index, level in enumerate(read.data["levels"]):
        known = _Known(
            steps=tuple(_whole(level, levels, part="steps", key="id")),
            measures=tuple(_whole(level, levels, part="measures", key="code")),
            requirements=tuple(_whole(level, levels, part="requirements", key="id")),
            information=tuple(read.data.get("information", ())),
        )
        for number, step in enumerate(level.get("steps", ())):
            yield from _of_step(read, ("levels", index, "steps", number), step=step, known=known)
        yield from _cycle(read, index, level=level, levels=levels)
    yield from _monotone(read)
    yield from _superiors(read)


class _Known(dict[str, tuple[str, ...]]):
    """The ids that the level has, by kind."""

    def __init__(self, **ids: tuple[str, ...]) -> None:
        super().__init__(ids)


_REFERS: Mapping[str, str] = {
    "after": "steps",
    "measures": "measures",
    "uses": "requirements",
    "needs": "information",
    "gives": "information",
    "passes_up": "information",
    "passes_down": "information",
}
_SLUGS: Mapping[str, str] = {
    "steps": "step-unknown",
    "measures": "measure-unknown",
    "requirements": "requirement-unknown",
    "information": "information-unknown",
}


def _of_step(read: Source, path: Path, *, step: _Data, known: _Known) -> Iterator[Fault]:
    for key, kind in _REFERS.items():
        for place, id in enumerate(step.get(key, ())):
            if id not in known[kind]:
                at = read.at((*path, key, place))
                named = ", ".join(sorted(known[kind])[:12]) or "none"
                yield Fault(
                    _SLUGS[kind],
                    at,
                    f"{step['id']} {key.replace('_', ' ')} {id}, which is not among the {kind}.",
                    f"There are {named}.",
                )


def _cycle(
    read: Source, index: int, *, level: _Data, levels: Mapping[str, _Data]
) -> Iterator[Fault]:
    order = {
        id: step.get("after", [])
        for id, step in _whole(level, levels, part="steps", key="id").items()
    }
    try:
        graphlib.TopologicalSorter(order).prepare()
    except graphlib.CycleError as error:
        at = read.at(("levels", index, "steps"))
        yield Fault("step-cycle", at, f"Steps wait for each other: {' ← '.join(error.args[1])}.")


def _whole(level: _Data, levels: Mapping[str, _Data], *, part: str, key: str) -> dict[str, _Data]:
    """The level's own parts by id over those that it builds on."""
    base = levels.get(level.get("builds_on", ""))
    severer = base is not None and ResponseLevel(base["level"]).at_least(
        ResponseLevel(level["level"])
    )
    parts = _whole(base, levels, part=part, key=key) if base is not None and not severer else {}
    return parts | {one[key]: one for one in level.get(part, ())}


def _monotone(read: Source) -> Iterator[Fault]:
    named = read.data.get("monotone", False)
    for place, name in enumerate(named if isinstance(named, list) else ()):
        if name not in INDICATORS:
            at = read.at(("monotone", place))
            yield Fault("indicator-unknown", at, f"no indicator is registered as `{name}`.")


def _superiors(read: Source) -> Iterator[Fault]:
    for place, id in enumerate(read.data.get("superiors", ())):
        if id == read.data["id"]:
            at = read.at(("superiors", place))
            yield Fault("plan-above-itself", at, "A plan is not its own superior.")
