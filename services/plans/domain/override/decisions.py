"""Decisions on overrides: asked for, granted or declined by an authority, over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.plans.domain.activation import Activation, ActivationState, Signature
from services.plans.domain.content import DueMeasure
from services.plans.domain.organization import Organization
from services.plans.domain.override.state import (
    Asking,
    MeasureNotInActivation,
    Override,
    OverrideAsked,
    OverrideDecided,
    OverrideDeclined,
    OverrideEnded,
    OverrideExpired,
    OverrideFigures,
    OverrideGranted,
    OverrideId,
    OverrideNotNeeded,
    OverrideNotProvided,
    OverrideStands,
    OverrideState,
    OverrideTooLong,
)
from services.plans.domain.override_rule import OverrideRule
from services.plans.domain.refusal import check_in_force, check_reason
from vocabulary import LegalVerdict, law


def authorities(
    measure: DueMeasure, rule: OverrideRule, organizations: Sequence[Organization], area: str
) -> tuple[str, ...]:
    """Who may let the measure pass: who holds what is missing here or above, then their superiors.

    Where nobody holds it, the kinds that the rule names.
    """
    kinds = measure.legal.who_may_grant or rule.where_nobody_holds
    units = [(one.id, one.kind, one.jurisdiction) for one in organizations]
    nearest = law.holders(kinds, units, area)
    parents = {one.id: one.parent for one in organizations}
    above = (one for id in nearest for one in _above(id, parents))
    return tuple(dict.fromkeys((*nearest, *above)))


def ask_override(
    id: OverrideId,
    activation: Activation,
    asking: Asking,
    *,
    standing: Override | None,
    rule: OverrideRule | None,
    organizations: Sequence[Organization],
    now: datetime,
) -> tuple[Override, OverrideAsked]:
    """The authorities are asked to let the refused measure pass.

    Raises `activation-not-in-force`, `measure-not-in-activation`, `override-not-needed`,
    `override-stands`, `override-not-provided`, `override-too-long` and `reason-required`.
    """
    measure = _refused_measure(activation, asking.measure)
    _check_free(standing)
    check_reason(asking.by)
    if rule is None:
        raise OverrideNotProvided(
            f"No rule on overrides holds in {activation.jurisdiction}.",
            remedy="The measure stays refused; ask whoever holds the authority to take it.",
        )
    _check_time(rule, asking.measure, asking.minutes)
    may_decide = authorities(measure, rule, organizations, activation.jurisdiction)
    if not may_decide:
        raise OverrideNotProvided(
            f"Nobody in {activation.jurisdiction} or above it may let {asking.measure} pass.",
            remedy="Have the organizations that hold the authority put into the system.",
        )
    asked = Override(
        id=id,
        activation_id=activation.id,
        plan_title_zh=activation.plan_title_zh,
        plan_title_en=activation.plan_title_en,
        emergency_type=activation.emergency_type,
        jurisdiction=activation.jurisdiction,
        organization_id=activation.organization_id,
        mode=activation.mode,
        exercise_id=activation.exercise_id,
        incident_id=activation.incident_id,
        measure=measure,
        minutes=asking.minutes,
        authorities=may_decide,
        rule=rule.edition.name,
        incidents=activation.incidents,
        asker=asking.asker,
        asked_by=asking.by.by,
        asked_at=now,
        asked_because=asking.by.reason or "",
    )
    return asked, OverrideAsked(asked)


def grant_override(
    override: Override,
    activation: Activation,
    *,
    by: Signature,
    authority: str,
    minutes: int | None,
    now: datetime,
) -> tuple[Override, OverrideGranted]:
    """The measure passes from now on, for `minutes` or as long as was asked.

    Raises `override-already-decided` naming who was first, `override-not-needed`,
    `activation-not-in-force`, `override-too-long` (longer than asked) and `reason-required`.
    """
    _check_asked(override)
    measure = _refused_measure(activation, override.measure.code)
    check_reason(by)
    if minutes is not None and minutes > override.minutes:
        raise OverrideTooLong(
            f"{override.minutes} min were asked for.",
            field=("minutes",),
            remedy="Grant no more than was asked for.",
            longestMinutes=override.minutes,
        )
    granted_for = minutes or override.minutes
    granted = replace(
        _decided(override, OverrideState.GRANTED, by=by, authority=authority, now=now),
        measure=measure,
        minutes=granted_for,
        until=now + timedelta(minutes=granted_for),
    )
    return granted, OverrideGranted(granted)


def decline_override(
    override: Override, *, by: Signature, authority: str, now: datetime
) -> tuple[Override, OverrideDeclined]:
    """The measure stays refused. Raises `override-already-decided` and `reason-required`."""
    _check_asked(override)
    check_reason(by)
    declined = _decided(override, OverrideState.DECLINED, by=by, authority=authority, now=now)
    return declined, OverrideDeclined(declined)


def end_override(override: Override, reason: str, now: datetime) -> tuple[Override, OverrideEnded]:
    """It is over before its time, or was never decided. Raises `override-already-decided`."""
    if not override.is_open:
        raise _is_decided(override)
    ended = replace(override, state=OverrideState.ENDED, ended_at=now, ended_because=reason)
    return ended, OverrideEnded(ended)


def expire_override(override: Override, now: datetime) -> tuple[Override, OverrideExpired | None]:
    """The measure is refused again once the time is over; no event before, or the second time."""
    is_over = override.until is not None and override.until <= now
    if override.state is not OverrideState.GRANTED or not is_over:
        return override, None
    expired = replace(override, state=OverrideState.EXPIRED, ended_at=override.until)
    return expired, OverrideExpired(expired)


def outlived(override: Override, activation: Activation) -> str | None:
    """Why there is nothing left for the open override to do, None while there is."""
    if activation.state is not ActivationState.IN_FORCE:
        return "nothing of the activation is in force any more"
    measure = _find(activation.content.measures, override.measure.code)
    if measure is None:
        return "the level in force does not have the measure"
    is_asked = override.state is OverrideState.ASKED
    if is_asked and measure.legal.verdict is not LegalVerdict.REFUSED:
        return "the law does not refuse the measure any more"
    return None


def override_figures(overrides: Sequence[Override]) -> OverrideFigures:
    """What the overrides come to, for an evaluation."""
    states = [one.state for one in overrides]
    granted = [one for one in overrides if one.until is not None]
    lasted = (one.ended_at - one.decided_at for one in granted if one.ended_at and one.decided_at)
    return OverrideFigures(
        asked=len(overrides),
        waiting=states.count(OverrideState.ASKED),
        granted=len(granted),
        declined=states.count(OverrideState.DECLINED),
        in_force=states.count(OverrideState.GRANTED),
        minutes=sum(lasted, timedelta()) / timedelta(minutes=1),
    )


def _refused_measure(activation: Activation, code: str) -> DueMeasure:
    check_in_force(activation)
    measure = _find(activation.content.measures, code)
    if measure is None:
        known = ", ".join(one.code for one in activation.content.measures) or "none"
        raise MeasureNotInActivation(
            f"{activation.level} of {activation.plan_id} has no measure {code}.",
            field=("measure",),
            remedy=f"Its measures are: {known}.",
        )
    if measure.legal.verdict is not LegalVerdict.REFUSED:
        why = "; ".join(measure.legal.provisions) or measure.legal.missing
        raise OverrideNotNeeded(
            f"The law does not refuse {code}: {measure.legal.verdict} ({why}).",
            field=("measure",),
            remedy="Issue the order; what is unknown takes a signature, no override.",
            verdict=measure.legal.verdict,
            provisions=list(measure.legal.provisions),
        )
    return measure


def _check_free(standing: Override | None) -> None:
    if standing is not None:
        until = f" until {standing.until:%Y-%m-%d %H:%M} UTC" if standing.until else ""
        raise OverrideStands(
            f"{standing.measure.code} is {standing.state} as {standing.id}{until}.",
            remedy="Wait for it, or end it first.",
            override=standing.id,
            state=standing.state,
            until=standing.until,
        )


def _check_time(rule: OverrideRule, measure: str, minutes: int) -> None:
    longest = rule.longest(measure)
    if minutes > longest:
        raise OverrideTooLong(
            f"{measure} may be overridden for {longest} min at most ({rule.edition.name}).",
            field=("minutes",),
            remedy=f"Ask for {longest} min; ask again when they are over.",
            longestMinutes=longest,
            rule=rule.edition.name,
        )


def _check_asked(override: Override) -> None:
    if override.state is not OverrideState.ASKED:
        raise _is_decided(override)


def _is_decided(override: Override) -> OverrideDecided:
    who, when = override.decided_by, override.decided_at or override.ended_at
    at = f" at {when:%Y-%m-%d %H:%M} UTC" if when else ""
    return OverrideDecided(
        f"{override.id} is {override.state}{f' by {who}' if who else ''}{at}.",
        remedy="Read it again; ask anew if the measure is still needed.",
        currentStatus=override.state,
        decidedBy=who,
        decidedAt=override.decided_at,
    )


def _decided(
    override: Override, state: OverrideState, *, by: Signature, authority: str, now: datetime
) -> Override:
    return replace(
        override,
        state=state,
        authority=authority,
        decided_by=by.by,
        decided_at=now,
        decided_because=by.reason,
    )


def _find(measures: Iterable[DueMeasure], code: str) -> DueMeasure | None:
    return next((one for one in measures if one.code == code), None)


def _above(id: str, parents: Mapping[str, str | None]) -> list[str]:
    """Its superiors in the tree, the nearest first."""
    found: list[str] = []
    parent = parents.get(id)
    while parent is not None and parent not in found:
        found.append(parent)
        parent = parents.get(parent)
    return found
