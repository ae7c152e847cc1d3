"""What a person is asked to sign: the level, why, what it would set going, and whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.plans.domain.content import Content
from services.plans.domain.evaluation import ConditionResult
from vocabulary import ResponseLevel


@dataclass(frozen=True, slots=True)
class Call:
    """A function whose holder has to hear of it, for these measures and steps.

    `holder` names function and division, as org finds who holds it there or above.
    """

    function: str
    holder: str
    measures: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A level that waits for a signature; `reasons` are its conditions as far as they hold."""

    level: ResponseLevel
    proposed_at: datetime | None
    sign_before: datetime | None
    reasons: tuple[ConditionResult, ...]
    content: Content
    whom_to_call: tuple[Call, ...]


def reasons(
    level: ResponseLevel, conditions: Sequence[ConditionResult]
) -> tuple[ConditionResult, ...]:
    """The level's conditions that hold, with the values that they saw."""
    return tuple(one for one in conditions if one.level is level and one.met is True)


def calls(content: Content, jurisdiction: str) -> tuple[Call, ...]:
    """The functions that the content needs, those that carry out its measures first.

    Then those of its steps in the plan's order, in which what comes first stands first.
    """
    measures: dict[str, list[str]] = {}
    steps: dict[str, list[str]] = {}
    for measure in content.measures:
        for function in measure.addressee_functions:
            measures.setdefault(function, []).append(measure.code)
    for step in content.steps:
        steps.setdefault(step.function, []).append(step.id)
    return tuple(
        Call(
            function,
            f"{jurisdiction}/{function}",
            tuple(measures.get(function, ())),
            tuple(steps.get(function, ())),
        )
        for function in dict.fromkeys((*measures, *steps))
    )
