"""What became of an activation, as messages complete enough to act on without a call back."""

from typing import TypeVar, assert_never

import msgspec

from chassis.messages import Message
from contracts.plans import v1 as contract
from contracts.vocabulary import v1 as shared
from services.plans.domain import (
    Activation,
    ActivationDeclined,
    ActivationEnded,
    ActivationLowered,
    ActivationMaintained,
    ActivationProposed,
    ActivationRaised,
    ActivationReanswered,
    ActivationStarted,
    ConditionResult,
    Content,
    DueMeasure,
    Event,
    Explanation,
)
from vocabulary import Figure, LegalAnswer, ResponseLevel

S = TypeVar("S", bound=msgspec.Struct)


def activation_message(event: Event) -> Message:
    """The event as it is told; a proposal carries the content of the level proposed."""
    one = event.activation
    name, body = _named(event)
    return Message(
        aggregate="activation",
        event=name,
        id=one.id,
        area=one.jurisdiction,
        mode=one.mode,
        body=body,
    )


def reanswered_message(event: ActivationReanswered) -> Message:
    """What the law says now; the measures are the proposed level's while one waits."""
    one = event.activation
    content = one.proposed_content if one.proposed_level is not None else one.content
    answers = tuple(
        contract.MeasureAnswer(
            code=each.code,
            of=each.of,
            before=_legal(each.before),
            after=_legal(each.after),
        )
        for each in event.answers
    )
    return Message(
        aggregate="activation",
        event="reanswered",
        id=one.id,
        area=one.jurisdiction,
        mode=one.mode,
        body=contract.ActivationReanswered(activation=_activation(one, content), answers=answers),
    )


def _named(event: Event) -> tuple[str, msgspec.Struct]:
    one = event.activation
    match event:
        case ActivationProposed():
            proposed = _activation(one, one.proposed_content)
            return "proposed", contract.ActivationProposed(activation=proposed)
        case ActivationStarted():
            return "started", contract.ActivationStarted(activation=_activation(one, one.content))
        case ActivationRaised(from_level=level):
            raised = _activation(one, one.content)
            return "raised", contract.ActivationRaised(activation=raised, from_level=level)
        case ActivationLowered(from_level=level):
            lowered = _activation(one, one.content)
            return "lowered", contract.ActivationLowered(activation=lowered, from_level=level)
        case ActivationMaintained():
            kept = _activation(one, one.content)
            return "maintained", contract.ActivationMaintained(activation=kept)
        case ActivationDeclined():
            declined = _activation(one, one.content)
            return "declined", contract.ActivationDeclined(activation=declined)
        case ActivationEnded():
            return "ended", contract.ActivationEnded(activation=_activation(one, one.content))
        case _:
            assert_never(event)


def _activation(one: Activation, content: Content) -> contract.Activation:
    return contract.Activation(
        id=one.id,
        plan_id=one.plan_id,
        plan_version=one.plan_version,
        plan_title_zh=one.plan_title_zh,
        plan_title_en=one.plan_title_en,
        emergency_type=one.emergency_type,
        jurisdiction=one.jurisdiction,
        mode=one.mode,
        exercise_id=one.exercise_id,
        state=one.state,
        level=one.level,
        proposed_level=one.proposed_level,
        cause=shared.Cause(kind=one.cause.kind, id=one.cause.id),
        incident_id=one.incident_id,
        measures=tuple(map(measure, content.measures)),
        steps=tuple(_like(step, contract.Step) for step in content.steps),
        requirements=tuple(_like(need, contract.Requirement) for need in content.requirements),
        explanation=_explanation(one.explanation),
        proposed_at=one.proposed_at,
        sign_before=one.sign_before,
        started_at=one.started_at,
        ended_at=one.ended_at,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        reason=one.reason,
        organization_id=one.organization_id,
        preventive=one.preventive,
        lead=_like(one.lead, contract.Lead) if one.lead else None,
    )


def measure(one: DueMeasure) -> contract.Measure:
    """The measure with the law's answer."""
    return contract.Measure(
        code=one.code,
        text_zh=one.text_zh,
        text_en=one.text_en,
        addressee_functions=one.addressee_functions,
        automatic=one.automatic,
        duration_minutes=one.duration_minutes,
        legal=_legal(one.legal),
    )


def _legal(one: LegalAnswer) -> contract.LegalAnswer:
    return contract.LegalAnswer(
        answer=one.verdict,
        provisions=one.provisions,
        missing=one.missing,
        who_may_grant=one.who_may_grant,
        gap=one.gap,
        duties=tuple(_like(duty, shared.Duty) for duty in one.duties),
        longest_minutes=one.longest_minutes,
        holders=one.holders,
    )


def _explanation(one: Explanation) -> contract.Explanation:
    return contract.Explanation(
        level=one.level,
        conditions=tuple(
            _condition(result, result.level)
            for result in one.conditions
            if result.level is not None
        ),
        as_of=one.as_of,
        evaluation_id=one.evaluation_id,
    )


def _condition(one: ConditionResult, level: ResponseLevel) -> contract.ConditionResult:
    return contract.ConditionResult(
        level=level,
        text=one.text,
        met=one.met,
        values=tuple(map(_figure, one.values)),
        missing=one.missing,
        note_zh=one.note_zh,
        note_en=one.note_en,
    )


def _figure(one: Figure) -> shared.Figure:
    return _like(one, shared.Figure)


def _like(value: object, of: type[S]) -> S:
    """The contract struct of the same field names."""
    return msgspec.convert(value, of, from_attributes=True)
