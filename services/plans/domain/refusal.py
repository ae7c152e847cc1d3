"""Why a person's decision about an activation is refused."""

from datetime import timedelta

from chassis.errors import Conflict, Invalid
from services.plans.domain.activation import Activation, ActivationState, Signature, is_above
from services.plans.domain.decision import Situation, resting_level
from services.plans.domain.evaluation import ConditionResult
from services.plans.domain.plan import Plan
from vocabulary import ResponseLevel


class ProposalAlreadyDecided(Conflict):
    """Somebody has signed or declined what this decision was about, or it was withdrawn."""

    slug = "proposal-already-decided"


class PlanAlreadyActive(Conflict):
    """The plan is in force, or proposed, in this jurisdiction and mode."""

    slug = "plan-already-active"


class ActivationOver(Conflict):
    """The activation is not in force."""

    slug = "activation-not-in-force"


class LevelNotInPlan(Invalid):
    """The plan does not have the level."""

    slug = "level-not-in-plan"


class LevelNotHigher(Invalid):
    """The level is not more severe than what is in force."""

    slug = "level-not-higher"


class LevelNotLower(Invalid):
    """The level is not less severe than what is in force."""

    slug = "level-not-lower"


class ReasonRequired(Invalid):
    """This decision is not taken without a reason."""

    slug = "reason-required"


class LevelBelowConditions(Conflict):
    """Conditions give a more severe level, or its hold-down has not passed."""

    slug = "level-below-conditions"


def check_proposed(activation: Activation) -> ResponseLevel:
    """The level that waits for a signature. Raises `ProposalAlreadyDecided`, naming who was first."""
    if activation.proposed_level is not None:
        return activation.proposed_level
    if activation.decided_by is None:
        raise ProposalAlreadyDecided(
            f"Nothing is proposed: {activation.plan_id} is {activation.state}"
            f" at {activation.level or 'no level'}."
        )
    raise ProposalAlreadyDecided(
        f"{activation.decided_by} decided at {activation.decided_at:%Y-%m-%d %H:%M} UTC:"
        f" {activation.state} at {activation.level or 'no level'}.",
        remedy="Read the activation again; raise or lower it if you decide otherwise.",
        decidedBy=activation.decided_by,
        decidedAt=activation.decided_at,
    )


def check_free(plan: Plan, present: Activation | None) -> None:
    """Pass when nothing of the plan is in force or proposed. Raises `PlanAlreadyActive`."""
    if present is not None and present.is_open:
        raise PlanAlreadyActive(
            f"{plan.plan_id} is {present.state} as {present.id}.",
            remedy="Raise, lower or sign that activation.",
            activation=present.id,
        )


def check_level(plan: Plan, level: ResponseLevel) -> None:
    """Pass when the plan has the level. Raises `LevelNotInPlan`."""
    if all(one.level is not level for one in plan.levels):
        known = ", ".join(one.level for one in plan.levels)
        raise LevelNotInPlan(
            f"{plan.id} has no {level}.", field=("level",), remedy=f"It has {known}."
        )


def check_higher(activation: Activation, level: ResponseLevel) -> None:
    """Pass when the level is above what is in force. Raises `LevelNotHigher`."""
    if not is_above(level, activation.level):
        raise LevelNotHigher(
            f"{activation.level} is in force already.",
            field=("level",),
            remedy="Decline the proposal, or lower the level.",
        )


def check_lower(activation: Activation, level: ResponseLevel) -> None:
    """Pass when the level is below what is in force. Raises `LevelNotLower`."""
    if not is_above(activation.level, level):
        raise LevelNotLower(
            f"{activation.level} is in force.", field=("level",), remedy="Raise the level instead."
        )


def check_in_force(activation: Activation) -> None:
    """Pass when a level is in force. Raises `ActivationOver`."""
    if activation.state is not ActivationState.IN_FORCE:
        raise ActivationOver(f"{activation.id} is {activation.state}.", state=activation.state)


def check_reason(by: Signature) -> None:
    """Pass when a reason is given. Raises `ReasonRequired`."""
    if not (by.reason or "").strip():
        raise ReasonRequired("This decision takes a reason.", field=("reason",))


def check_conditions(
    plan: Plan,
    activation: Activation,
    *,
    level: ResponseLevel | None,
    by: Signature,
    on: Situation,
) -> None:
    """Pass when conditions give no more than `level`, or somebody is named who answers for it.

    Raises `LevelBelowConditions` with the values and what is left of the hold-down (users.md §7,
    mistake 10).
    """
    if by.override is not None:
        return
    rest = resting_level(plan, on.findings)
    left = _hold_down_left(plan, activation, on)
    if not is_above(rest, level) and not left:
        return
    decisive = [one for one in on.findings.conditions if one.met is not False]
    values = "; ".join(_seen(one) for one in decisive) or "no condition holds any more"
    raise LevelBelowConditions(
        f"Conditions give {rest or 'no level'} ({values});"
        f" {_minutes(left)} min of the hold-down are left.",
        field=("level",),
        remedy="Wait, or state whose override this is and why.",
        conditionsGive=rest,
        conditions=[_told(one) for one in decisive],
        holdDownLeftMinutes=_minutes(left),
    )


def _hold_down_left(plan: Plan, activation: Activation, on: Situation) -> timedelta:
    if activation.level is None or activation.level is activation.set_by_person:
        return timedelta()
    hold_down = plan.at(activation.level).hold_down
    began = activation.slack_since or on.now
    return max(timedelta(), began + hold_down - on.now)


def _minutes(left: timedelta) -> int:
    return -(-int(left.total_seconds()) // 60)


def _seen(one: ConditionResult) -> str:
    values = ", ".join(f"{figure.metric} {_number(figure.value)}" for figure in one.values)
    return f"{one.text}: {values or 'unknown ' + ', '.join(one.missing)}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"


def _told(one: ConditionResult) -> dict[str, object]:
    return {
        "level": one.level,
        "text": one.text,
        "met": one.met,
        "values": {figure.metric: figure.value for figure in one.values},
        "missing": list(one.missing),
    }
