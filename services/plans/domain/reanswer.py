"""What the law says to the measures of an activation, asked again when law or holder is not what it was."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.plans.domain.activation import Activation
from services.plans.domain.content import Content, Law, measures_of
from services.plans.domain.plan import Plan
from vocabulary import LegalAnswer, ResponseLevel


class Belonging(StrEnum):
    """Which of an activation's levels a measure belongs to."""

    IN_FORCE = "IN_FORCE"
    PROPOSED = "PROPOSED"


@dataclass(frozen=True, slots=True)
class MeasureAnswer:
    """The law's answer to one measure, before and after."""

    code: str
    of: Belonging
    before: LegalAnswer
    after: LegalAnswer


@dataclass(frozen=True, slots=True)
class ActivationReanswered:
    """What is allowed under the activation is not what it was."""

    activation: Activation
    answers: tuple[MeasureAnswer, ...]


def reanswer(
    activation: Activation, plan: Plan, *, law: Law, now: datetime
) -> tuple[Activation, ActivationReanswered | None]:
    """The activation with the law's answers of `now`; an event when one of them says another thing.

    `plan` is the version that the activation was made under. Steps and needs stay as they were.
    """
    in_force = _asked_again(activation.content, activation.level, plan=plan, law=law, now=now)
    proposed = _asked_again(
        activation.proposed_content, activation.proposed_level, plan=plan, law=law, now=now
    )
    after = replace(activation, content=in_force, proposed_content=proposed)
    answers = (
        *_changed(activation.content, in_force, Belonging.IN_FORCE),
        *_changed(activation.proposed_content, proposed, Belonging.PROPOSED),
    )
    return after, ActivationReanswered(after, answers) if answers else None


def _asked_again(
    content: Content, level: ResponseLevel | None, *, plan: Plan, law: Law, now: datetime
) -> Content:
    if level is None:
        return content
    return replace(content, measures=measures_of(plan, plan.at(level), law=law, now=now))


def _changed(before: Content, after: Content, of: Belonging) -> Iterable[MeasureAnswer]:
    answered = {one.code: one.legal for one in before.measures}
    for one in after.measures:
        if _said(answered[one.code]) != _said(one.legal):
            yield MeasureAnswer(one.code, of, answered[one.code], one.legal)


def _said(legal: LegalAnswer) -> LegalAnswer:
    """The answer without the names of who holds what is missing: those come and go."""
    return replace(legal, holders=())
