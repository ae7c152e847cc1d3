"""What a person decides about an activation: sign, decline, start, raise, lower, end."""

from dataclasses import replace

from services.plans.domain import refusal
from services.plans.domain.activation import (
    Activation,
    ActivationDeclined,
    ActivationState,
    Because,
    Event,
    LevelChange,
    Signature,
    is_above,
)
from services.plans.domain.decision import (
    Situation,
    ended_by,
    explained,
    open_at,
    put_in_force,
    resting_level,
    without_proposal,
)
from services.plans.domain.plan import Plan
from vocabulary import ResponseLevel


def start(
    plan: Plan, present: Activation | None, *, level: ResponseLevel, by: Signature, on: Situation
) -> tuple[Activation, Event]:
    """The plan is in force at `level` because a person says so; no rule lowers it.

    Raises `PlanAlreadyActive`, `LevelNotInPlan` and `ReasonRequired`.
    """
    refusal.check_free(plan, present)
    refusal.check_level(plan, level)
    refusal.check_reason(by)
    return _set_level(plan, open_at(plan, on), level=level, by=by, on=on)


def sign(
    plan: Plan, activation: Activation, *, level: ResponseLevel | None, by: Signature, on: Situation
) -> tuple[Activation, Event]:
    """What was proposed is in force, at `level` or the level proposed.

    Less than what was proposed takes a reason. Raises `ProposalAlreadyDecided`, naming who was
    first and when, `LevelNotInPlan`, `LevelNotHigher` and `ReasonRequired`.
    """
    proposed = refusal.check_proposed(activation)
    signed = level or proposed
    refusal.check_level(plan, signed)
    refusal.check_higher(activation, signed)
    if is_above(proposed, signed):
        refusal.check_reason(by)
    content = activation.proposed_content if signed is proposed else on.contents[signed]
    chosen = signed if is_above(signed, on.findings.possible) else None
    base = replace(_decided(without_proposal(activation), by, on), set_by_person=chosen)
    change = _change(activation, signed, because=Because.SIGNED, by=by, on=on)
    return put_in_force(base, change, content=content, on=on)


def decline(activation: Activation, by: Signature, on: Situation) -> tuple[Activation, Event]:
    """What was proposed is declined; what is in force stands. Raises as `sign`."""
    refusal.check_proposed(activation)
    refusal.check_reason(by)
    after = _decided(without_proposal(explained(activation, on)), by, on)
    if after.level is None:
        after = replace(after, state=ActivationState.DECLINED, ended_at=on.now)
    return after, ActivationDeclined(after)


def raise_level(
    plan: Plan, activation: Activation, *, level: ResponseLevel, by: Signature, on: Situation
) -> tuple[Activation, Event]:
    """The more severe `level` is in force because a person says so; no rule lowers it.

    Raises `ActivationOver`, `LevelNotInPlan`, `LevelNotHigher` and `ReasonRequired`.
    """
    refusal.check_in_force(activation)
    refusal.check_level(plan, level)
    refusal.check_higher(activation, level)
    refusal.check_reason(by)
    return _set_level(plan, activation, level=level, by=by, on=on)


def lower(
    plan: Plan, activation: Activation, *, level: ResponseLevel, by: Signature, on: Situation
) -> tuple[Activation, Event]:
    """The less severe `level` is in force. Raises `LevelBelowConditions` without a named override.

    Raises `ActivationOver`, `LevelNotInPlan`, `LevelNotLower` and `ReasonRequired`.
    """
    refusal.check_in_force(activation)
    refusal.check_level(plan, level)
    refusal.check_lower(activation, level)
    refusal.check_reason(by)
    refusal.check_conditions(plan, activation, level=level, by=by, on=on)
    base = replace(_decided(activation, by, on), set_by_person=None)
    change = _change(activation, level, because=Because.DECIDED_BY_PERSON, by=by, on=on)
    return put_in_force(base, change, content=on.contents[level], on=on)


def end(
    plan: Plan, activation: Activation, by: Signature, on: Situation
) -> tuple[Activation, Event]:
    """Nothing is in force any more. Raises `LevelBelowConditions` without a named override.

    Raises `ActivationOver` and `ReasonRequired`.
    """
    refusal.check_in_force(activation)
    refusal.check_reason(by)
    refusal.check_conditions(plan, activation, level=None, by=by, on=on)
    change = _change(activation, None, because=Because.DECIDED_BY_PERSON, by=by, on=on)
    base = replace(_decided(activation, by, on), set_by_person=None)
    return ended_by(base, change, on)


def _set_level(
    plan: Plan, activation: Activation, *, level: ResponseLevel, by: Signature, on: Situation
) -> tuple[Activation, Event]:
    beyond = is_above(level, resting_level(plan, on.findings))
    base = replace(_decided(activation, by, on), set_by_person=level if beyond else None)
    change = _change(activation, level, because=Because.DECIDED_BY_PERSON, by=by, on=on)
    return put_in_force(base, change, content=on.contents[level], on=on)


def _decided(activation: Activation, by: Signature, on: Situation) -> Activation:
    return replace(activation, decided_by=by.by, decided_at=on.now, reason=by.reason)


def _change(
    activation: Activation,
    level: ResponseLevel | None,
    *,
    because: Because,
    by: Signature,
    on: Situation,
) -> LevelChange:
    return LevelChange(
        activation.level,
        level,
        on.now,
        because,
        on.evaluation_id,
        by=by.by,
        reason=by.reason,
        override=by.override,
    )
