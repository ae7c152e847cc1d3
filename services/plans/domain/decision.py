"""What follows from findings by the plan's own rules: up at once, down only after the hold-down.

Levels rise on an edge: when conditions come to be met, or when something new is announced while
they are. So a person's refusal or lowering stands until there is news, and the order in which
independent facts arrive does not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.plans.domain import prevention
from services.plans.domain.activation import (
    Activation,
    ActivationDeclined,
    ActivationEnded,
    ActivationId,
    ActivationLowered,
    ActivationMaintained,
    ActivationProposed,
    ActivationRaised,
    ActivationStarted,
    ActivationState,
    Because,
    Event,
    Explanation,
    LevelChange,
    is_above,
)
from services.plans.domain.content import NOTHING, Content, Contents
from services.plans.domain.evaluation import Cause, CauseKind, Findings, News, Outcome
from services.plans.domain.incident import Incident
from services.plans.domain.plan import Plan, Start
from vocabulary import Mode, ResponseLevel


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a decision rests on. `new_id` is the id of an activation that it may open.

    `incidents` are those that were weighed, by id; `open_incidents` those of the plan's types in
    its area.
    """

    mode: Mode
    findings: Findings
    rising: frozenset[ResponseLevel]
    contents: Contents
    cause: Cause
    now: datetime
    evaluation_id: str
    new_id: ActivationId
    incidents: tuple[str, ...] = ()
    exercise_id: str | None = None
    open_incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The activation as it stands after, what is to be told, and when to weigh again at the latest."""

    activation: Activation | None
    events: tuple[Event, ...] = ()
    look_again_at: datetime | None = None


_OUTCOMES: dict[type, Outcome] = {
    ActivationStarted: Outcome.STARTED,
    ActivationRaised: Outcome.RAISED,
    ActivationProposed: Outcome.PROPOSED,
    ActivationLowered: Outcome.LOWERED,
    ActivationMaintained: Outcome.MAINTAINED,
    ActivationDeclined: Outcome.DECLINED,
    ActivationEnded: Outcome.ENDED,
}

_WEIGHED = frozenset(
    {CauseKind.SIGNAL, CauseKind.WARNING, CauseKind.INCIDENT, CauseKind.ACTIVATION}
)

_Step = tuple[Activation | None, tuple[Event, ...]]


def decide(plan: Plan, activation: Activation | None, on: Situation) -> Decision:
    """The open activation of the plan, if any, as the findings leave it. Pure.

    The highest automatic level due starts or is raised to at once; a signature level due above it
    is proposed. What conditions certainly no longer give is lowered, ended or withdrawn once its
    hold-down has passed; undetermined conditions neither start nor lower anything.
    """
    current = activation if activation is not None and activation.is_open else None
    events: tuple[Event, ...] = ()
    for step in (_rise, _propose, _mark_slack, _withdraw, _fall):
        current, said = step(plan, current, on)
        events += said
    current = _met(current, on)
    if not events and current is not None and current.is_open:
        current, events = _answer(current, on)
    return Decision(current, _as_it_stands(current, events), _look_again_at(plan, current, on))


def outcomes(events: Sequence[Event]) -> tuple[Outcome, ...]:
    """What the events amount to, for the record."""
    return tuple(_OUTCOMES[type(event)] for event in events)


def open_at(plan: Plan, on: Situation) -> Activation:
    """A new activation with nothing in force or proposed yet."""
    return Activation(
        id=on.new_id,
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        plan_title_zh=plan.title_zh,
        plan_title_en=plan.title_en,
        emergency_type=plan.emergency_type,
        jurisdiction=plan.jurisdiction,
        organization_id=plan.organization_id,
        mode=on.mode,
        exercise_id=on.exercise_id,
        state=ActivationState.PROPOSED,
        cause=on.cause,
        explanation=_explain(on),
        created_at=on.now,
    )


def explained(current: Activation, on: Situation) -> Activation:
    """The activation with the cause and the explanation of this decision."""
    incident = on.cause.id if on.cause.kind is CauseKind.INCIDENT else None
    weighed = (on.cause.id,) if on.cause.kind in _WEIGHED else ()
    return replace(
        current,
        cause=on.cause,
        explanation=_explain(on),
        incident_id=current.incident_id or incident,
        weighed=tuple(dict.fromkeys((*current.weighed, *weighed))),
        incidents=tuple(sorted({*current.incidents, *on.incidents})),
    )


def put_in_force(
    current: Activation, change: LevelChange, *, content: Content, on: Situation
) -> tuple[Activation, Event]:
    """The activation at the level changed to, and what it is called: started, raised or lowered."""
    level = change.to_level
    outbid = not is_above(current.proposed_level, level)
    after = replace(
        explained(current, on),
        state=ActivationState.IN_FORCE,
        level=level,
        content=content,
        started_at=current.started_at or on.now,
        preventive=not on.open_incidents if current.started_at is None else current.preventive,
        slack_since=None,
        history=(*current.history, change),
    )
    after = without_proposal(after) if outbid else after
    return after, _named(after, change.from_level)


def ended_by(current: Activation, change: LevelChange, on: Situation) -> tuple[Activation, Event]:
    """The activation ended by this change; what it had set going stays readable."""
    ended = replace(
        without_proposal(explained(current, on)),
        state=ActivationState.ENDED,
        level=None,
        ended_at=on.now,
        slack_since=None,
        history=(*current.history, change),
    )
    return ended, ActivationEnded(ended)


def without_proposal(current: Activation) -> Activation:
    """The activation with nothing waiting for a signature."""
    return replace(
        current,
        proposed_level=None,
        proposed_content=NOTHING,
        sign_before=None,
        proposal_slack_since=None,
    )


def resting_level(plan: Plan, findings: Findings) -> ResponseLevel | None:
    """The least level that findings leave in force.

    It is what may be due, and at least the plan's least severe level until its termination holds.
    """
    least = None if findings.termination is True else plan.levels[-1].level
    return _severer(findings.possible, least)


def _named(after: Activation, before: ResponseLevel | None) -> Event:
    if before is None:
        return ActivationStarted(after)
    if is_above(after.level, before):
        return ActivationRaised(after, before)
    return ActivationLowered(after, before)


def _rise(plan: Plan, current: Activation | None, on: Situation) -> _Step:
    target = _due(plan, Start.AUTOMATIC, on)
    level = current.level if current else None
    if target is None or not is_above(target, level):
        return current, ()
    change = LevelChange(level, target, on.now, Because.CONDITIONS_MET, on.evaluation_id)
    base = replace(current or open_at(plan, on), decided_by=None, decided_at=on.now, reason=None)
    after, event = put_in_force(base, change, content=on.contents[target], on=on)
    return after, (event,)


def _propose(plan: Plan, current: Activation | None, on: Situation) -> _Step:
    target = _due(plan, Start.SIGNATURE, on)
    standing = _severer(current.level, current.proposed_level) if current else None
    if target is None or not is_above(target, standing):
        return current, ()
    within = timedelta(minutes=plan.at(target).sign_within_minutes)
    after = replace(
        explained(current or open_at(plan, on), on),
        proposed_level=target,
        proposed_content=on.contents[target],
        proposed_at=on.now,
        sign_before=on.now + within,
        proposal_slack_since=None,
    )
    return after, (ActivationProposed(after),)


def _due(plan: Plan, start: Start, on: Situation) -> ResponseLevel | None:
    """The most severe level of that start whose conditions are met, newly or with news about it."""
    met = {one.level for one in on.findings.levels if one.met is True}
    due = met if on.cause.news is News.ANNOUNCED else on.rising
    return next((one.level for one in plan.levels if one.start is start and one.level in due), None)


def _mark_slack(plan: Plan, current: Activation | None, on: Situation) -> _Step:
    if current is None:
        return None, ()
    rest = _severer(resting_level(plan, on.findings), current.set_by_person)
    return replace(
        current,
        slack_since=((current.slack_since or on.now) if is_above(current.level, rest) else None),
        proposal_slack_since=(
            (current.proposal_slack_since or on.now)
            if is_above(current.proposed_level, on.findings.possible)
            else None
        ),
    ), ()


def _withdraw(plan: Plan, current: Activation | None, on: Situation) -> _Step:
    if current is None or not _has_passed(_proposal_ends_at(plan, current), on.now):
        return current, ()
    after = without_proposal(explained(current, on))
    if after.level is None:
        ended = replace(after, state=ActivationState.ENDED, ended_at=on.now)
        return ended, (ActivationEnded(ended),)
    return after, (ActivationMaintained(after),)


def _fall(plan: Plan, current: Activation | None, on: Situation) -> _Step:
    if current is None or not _has_passed(_level_falls_at(plan, current), on.now):
        return current, ()
    target = _severer(resting_level(plan, on.findings), current.set_by_person)
    if target is None and current.proposed_level is not None:
        return current, ()  # ends once the proposal has been decided or withdrawn
    decided = replace(current, decided_by=None, decided_at=on.now, reason=None)
    change = LevelChange(current.level, target, on.now, Because.HOLD_DOWN_PASSED, on.evaluation_id)
    if target is None:
        after, event = ended_by(decided, change, on)
    else:
        after, event = put_in_force(decided, change, content=on.contents[target], on=on)
    return after, (event,)


def _met(current: Activation | None, on: Situation) -> Activation | None:
    """The activation joined to the first incident that it was in force before."""
    if current is None or current.started_at is None or not current.preventive:
        return current
    since, known = current.started_at, current.lead
    about = [one for one in on.open_incidents if known is None or one.id == known.incident_id]
    if not about or current.state is not ActivationState.IN_FORCE:
        return current
    first = min(about, key=lambda one: (one.declared_at, one.id))
    if known is None and not prevention.is_before(since, first):
        return replace(current, preventive=False)  # declared earlier, heard later
    return replace(
        current,
        incident_id=current.incident_id or first.id,
        incidents=tuple(sorted({*current.incidents, first.id})),
        lead=prevention.lead(since, first),
    )


def _as_it_stands(current: Activation | None, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Each event with the activation as this decision leaves it.

    A level started while another is proposed says so: it does not answer what caused it yet.
    """
    if current is None:
        return ()
    told = [one for one in events if not isinstance(one, ActivationMaintained)] or events
    return tuple(replace(one, activation=current) for one in told)


def _answer(current: Activation, on: Situation) -> tuple[Activation, tuple[Event, ...]]:
    if on.cause.news is News.CHANGED:
        return current, ()
    after = explained(current, on)
    return after, (ActivationMaintained(after),)


def _look_again_at(plan: Plan, current: Activation | None, on: Situation) -> datetime | None:
    due = [on.findings.look_again_at]
    if current is not None and current.is_open:
        due += [_level_falls_at(plan, current), _proposal_ends_at(plan, current)]
    return min((one for one in due if one is not None and one > on.now), default=None)


def _level_falls_at(plan: Plan, current: Activation) -> datetime | None:
    return _after_hold_down(plan, current.level, since=current.slack_since)


def _proposal_ends_at(plan: Plan, current: Activation) -> datetime | None:
    return _after_hold_down(plan, current.proposed_level, since=current.proposal_slack_since)


def _after_hold_down(
    plan: Plan, level: ResponseLevel | None, *, since: datetime | None
) -> datetime | None:
    if level is None or since is None:
        return None
    return since + plan.at(level).hold_down


def _has_passed(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def _explain(on: Situation) -> Explanation:
    decisive = tuple(one for one in on.findings.conditions if one.level is not None)
    return Explanation(on.findings.given, decisive, on.findings.as_of, on.evaluation_id)


def _severer(one: ResponseLevel | None, other: ResponseLevel | None) -> ResponseLevel | None:
    return other if is_above(other, one) else one
