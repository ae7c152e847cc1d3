"""What is said of obligations: posts, never persons or numbers."""

import msgspec

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from contracts.vocabulary import v1 as shared
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="obligation",
        event="owed",
        body=contract.ObligationOwed,
        meaning="An organization owes an answer by a due time.",
    ),
    Published(
        aggregate="obligation",
        event="told",
        body=contract.ObligationTold,
        meaning="A post was told of what is owed, or could not be (see failure).",
    ),
    Published(
        aggregate="obligation",
        event="confirmed",
        body=contract.ObligationConfirmed,
        meaning="A person in a post confirmed that they know.",
    ),
    Published(
        aggregate="obligation",
        event="answered",
        body=contract.ObligationAnswered,
        meaning="What was owed happened, in time or late.",
    ),
    Published(
        aggregate="obligation",
        event="overdue",
        body=contract.ObligationOverdue,
        meaning="The due time passed without an answer; said once, due_at is the true due time.",
    ),
    Published(
        aggregate="obligation",
        event="waived",
        body=contract.ObligationWaived,
        meaning="It is not owed any more, for the reason given.",
    ),
)


def owed(said: domain.ObligationOwed) -> Message:
    """The obligation as it was opened."""
    return _message(
        "owed", said.obligation, contract.ObligationOwed(obligation=_body(said.obligation))
    )


def told(said: domain.ObligationTold) -> Message:
    """The obligation and the notice that was added."""
    body = contract.ObligationTold(obligation=_body(said.obligation), notice=_notice(said.notice))
    return _message("told", said.obligation, body)


def confirmed(said: domain.ObligationConfirmed) -> Message:
    """The obligation and the notice that was confirmed."""
    body = contract.ObligationConfirmed(
        obligation=_body(said.obligation), notice=_notice(said.notice)
    )
    return _message("confirmed", said.obligation, body)


def answered(said: domain.ObligationAnswered) -> Message:
    """The obligation with who answered when."""
    body = contract.ObligationAnswered(obligation=_body(said.obligation))
    return _message("answered", said.obligation, body)


def overdue(said: domain.ObligationOverdue) -> Message:
    """The obligation, whose due time passed."""
    body = contract.ObligationOverdue(obligation=_body(said.obligation))
    return _message("overdue", said.obligation, body)


def waived(said: domain.ObligationWaived) -> Message:
    """The obligation and why it is owed no more."""
    body = contract.ObligationWaived(obligation=_body(said.obligation), reason=said.reason)
    return _message("waived", said.obligation, body)


def _message(event: str, obligation: domain.Obligation, body: msgspec.Struct) -> Message:
    return wire.message(
        body,
        aggregate="obligation",
        event=event,
        id=obligation.id,
        area=obligation.jurisdiction,
        mode=obligation.mode,
    )


def _body(one: domain.Obligation) -> contract.Obligation:
    return contract.Obligation(
        id=one.id,
        kind=one.kind.value,
        state=one.state.value,
        owed_by=one.owed_by,
        owed_to=one.owed_to,
        subject=shared.Cause(kind=one.subject.kind.value, id=one.subject.id),
        created_at=one.created_at,
        due_at=one.due_at,
        answered_at=one.answered_at,
        answered_by=one.answered_by,
        rule=one.rule,
        notices=tuple(_notice(each) for each in one.notices),
        mode=one.mode,
        exercise_id=one.exercise_id,
        jurisdiction=one.jurisdiction,
        system_was_up=one.system_was_up,
        incident_id=one.incident_id,
    )


def _notice(one: domain.Notice) -> contract.Notice:
    return contract.Notice(
        post=one.post,
        organization_id=one.organization_id,
        channel=one.channel,
        rung=one.rung,
        sent_at=one.sent_at,
        delivered_at=one.delivered_at,
        confirmed_at=one.confirmed_at,
        failure=one.failure,
    )


MESSAGES = {
    domain.ObligationOwed: owed,
    domain.ObligationTold: told,
    domain.ObligationConfirmed: confirmed,
    domain.ObligationAnswered: answered,
    domain.ObligationOverdue: overdue,
    domain.ObligationWaived: waived,
}
