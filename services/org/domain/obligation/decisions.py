"""Decisions on obligations: owed, told up the ladder, confirmed, answered, overdue, waived."""

import dataclasses
from datetime import datetime, timedelta

from services.org.domain.limit import Limit, ObligationKind, Rung
from services.org.domain.obligation.state import (
    NothingToReport,
    Notice,
    Obligation,
    ObligationAnswered,
    ObligationConfirmed,
    ObligationNotOpen,
    ObligationOverdue,
    ObligationOwed,
    ObligationState,
    ObligationTold,
    ObligationWaived,
    PostNotTold,
    Reached,
)


def owe(draft: Obligation, limit: Limit) -> tuple[Obligation, ObligationOwed]:
    """Open the obligation under `limit`: due `limit.minutes` after `draft.created_at`.

    A `due_at` of the draft that is later than `created_at` was set by the cause and stands.
    """
    set_by_cause = draft.due_at > draft.created_at
    due_at = draft.due_at if set_by_cause else draft.created_at + timedelta(minutes=limit.minutes)
    obligation = dataclasses.replace(
        draft, state=ObligationState.OWED, due_at=due_at, rule=limit.rule, ladder=limit.ladder
    )
    return obligation, ObligationOwed(obligation)


def is_open(obligation: Obligation) -> bool:
    """Whether an answer is still owed."""
    return obligation.state in {ObligationState.OWED, ObligationState.OVERDUE}


def concerned(obligation: Obligation) -> tuple[str, ...]:
    """Who owes it, to whom it is owed, and whose posts were told: they see it wherever it applies."""
    told = [one.organization_id for one in obligation.notices if one.failure is None]
    named = [obligation.owed_by, *([obligation.owed_to] if obligation.owed_to else []), *told]
    return tuple(dict.fromkeys(named))


def reached(obligation: Obligation) -> Reached:
    """Whether a person is known to have been reached."""
    if any(notice.confirmed_at for notice in obligation.notices):
        return Reached.CONFIRMED
    if any(notice.failure is None for notice in obligation.notices):
        return Reached.TOLD_NOT_CONFIRMED
    return Reached.NOBODY_TOLD


def next_rung(obligation: Obligation) -> Rung | None:
    """The rung to be told next; None at the top of the ladder."""
    following = obligation.climbed_to + 1
    return obligation.ladder[following] if following < len(obligation.ladder) else None


def is_climbing(obligation: Obligation) -> bool:
    """Whether silence still sends the notice upward.

    A confirmation stops the climb; running overdue starts it again until someone told after that
    confirms.
    """
    if not is_open(obligation) or next_rung(obligation) is None:
        return False
    since = obligation.overdue_at
    return not any(
        notice.confirmed_at is not None and (since is None or notice.sent_at >= since)
        for notice in obligation.notices
    )


def climb_due_at(obligation: Obligation) -> datetime | None:
    """When the next rung is told if nobody confirms: its step after the last telling.

    Counted from the telling, not from the start, so that everyone told has their minutes to answer
    also after an outage. None when the climb is over.
    """
    rung = next_rung(obligation)
    if rung is None or not is_climbing(obligation):
        return None
    if obligation.climbed_to < 0:
        return obligation.created_at
    step = rung.after_minutes - obligation.ladder[obligation.climbed_to].after_minutes
    last = max((notice.sent_at for notice in obligation.notices), default=obligation.created_at)
    return last + timedelta(minutes=step)


def tell(obligation: Obligation, notice: Notice) -> tuple[Obligation, ObligationTold]:
    """Record that a post of rung `notice.rung` was told, or could not be."""
    told = dataclasses.replace(
        obligation,
        notices=(*obligation.notices, notice),
        climbed_to=max(obligation.climbed_to, notice.rung),
    )
    return told, ObligationTold(told, notice)


def skip(obligation: Obligation, rung: Rung) -> Obligation:
    """Record that no post exists for this rung; shown as a violation."""
    return dataclasses.replace(
        obligation,
        climbed_to=max(obligation.climbed_to, rung.rung),
        missing_rungs=(*obligation.missing_rungs, rung.rung),
    )


def confirm(
    obligation: Obligation, *, post: str, person: str, now: datetime
) -> tuple[Obligation, ObligationConfirmed | None]:
    """Record that `person` in `post` knows of it; the due time still runs.

    Every unfailed notice to the post is confirmed; no event when all were before. An answered
    obligation can still be confirmed. Raises PostNotTold.
    """
    own = [one for one in obligation.notices if one.post == post and one.failure is None]
    if not own:
        raise PostNotTold(
            f"{post} was not told of this obligation.",
            field=("post",),
            remedy="A post that was told must confirm.",
            told=sorted({one.post for one in obligation.notices if one.failure is None}),
        )
    open_notices = [one for one in own if one.confirmed_at is None]
    if not open_notices:
        return obligation, None
    confirmed = {id(one) for one in open_notices}
    notices = tuple(
        dataclasses.replace(one, confirmed_at=now, confirmed_by=person)
        if id(one) in confirmed
        else one
        for one in obligation.notices
    )
    changed = dataclasses.replace(obligation, notices=notices)
    latest = [one for one in notices if one.post == post and one.confirmed_at == now][-1]
    return changed, ObligationConfirmed(changed, latest)


def answer(
    obligation: Obligation, *, at: datetime, by: str, system_was_up: bool | None
) -> tuple[Obligation, ObligationAnswered | None]:
    """Record the answer, in time or late; no event when it is answered or waived already."""
    if not is_open(obligation):
        return obligation, None
    answered = dataclasses.replace(
        obligation,
        state=ObligationState.ANSWERED,
        answered_at=at,
        answered_by=by,
        system_was_up=system_was_up,
    )
    return answered, ObligationAnswered(answered)


def run_overdue(
    obligation: Obligation, *, now: datetime, system_was_up: bool | None
) -> tuple[Obligation, ObligationOverdue | None]:
    """Raise that the due time passed unanswered: once, and only when it did."""
    if obligation.state is not ObligationState.OWED or now < obligation.due_at:
        return obligation, None
    overdue = dataclasses.replace(
        obligation, state=ObligationState.OVERDUE, overdue_at=now, system_was_up=system_was_up
    )
    return overdue, ObligationOverdue(overdue)


def check_reportable(obligation: Obligation) -> None:
    """Pass for an open duty to report an override. Raises NothingToReport and ObligationNotOpen."""
    if obligation.kind is not ObligationKind.REPORT_OVERRIDE:
        raise NothingToReport(
            f"{obligation.kind} is not answered by a report.",
            remedy="Do what is owed: sign, issue, acknowledge or form it.",
            kind=obligation.kind,
        )
    if not is_open(obligation):
        raise ObligationNotOpen(
            f"The obligation is {obligation.state}.", currentStatus=obligation.state
        )


def waive(obligation: Obligation, reason: str) -> tuple[Obligation, ObligationWaived | None]:
    """Take the obligation back, with the reason; one that ran overdue keeps that on record."""
    if not is_open(obligation):
        return obligation, None
    waived = dataclasses.replace(obligation, state=ObligationState.WAIVED, waived_because=reason)
    return waived, ObligationWaived(waived, reason)


def is_in_time(obligation: Obligation) -> bool | None:
    """Whether the answer came by the due time; None when nothing can be held against anybody."""
    if obligation.answered_at is not None and obligation.answered_at <= obligation.due_at:
        return True
    if obligation.system_was_up is False or obligation.state is ObligationState.WAIVED:
        return None
    return None if obligation.state is ObligationState.OWED else False
