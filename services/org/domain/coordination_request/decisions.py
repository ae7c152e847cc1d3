"""Decisions on coordination requests: asked, acknowledged, answered, completed, directed (ORG-7)."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime

from services.org.domain.coordination_request.state import (
    OPEN_REQUEST,
    UNANSWERED,
    AskedItself,
    CoordinationAccepted,
    CoordinationAcknowledged,
    CoordinationCompleted,
    CoordinationDeclined,
    CoordinationDirected,
    CoordinationEscalated,
    CoordinationRequest,
    CoordinationRequested,
    CoordinationStatus,
    CoordinationStatusWrong,
    CoordinationWithdrawn,
    DeclineGround,
    Direction,
    NeededInPast,
    NotEscalated,
    OwnRequest,
)
from services.org.domain.organization import Organization


def request_coordination(
    draft: CoordinationRequest,
) -> tuple[CoordinationRequest, CoordinationRequested]:
    """Ask. Raises AskedItself and NeededInPast."""
    if draft.from_organization == draft.to_organization:
        raise AskedItself(
            "An organization does not ask itself.",
            field=("to",),
            remedy="Name the organization that is to help.",
        )
    _expect_ahead(draft.needed_by, draft.requested_at, field="neededBy")
    return draft, CoordinationRequested(draft)


def acknowledge_request(
    request: CoordinationRequest, *, by: str, now: datetime
) -> tuple[CoordinationRequest, CoordinationAcknowledged | None]:
    """Record that it is known; no event the second time. Raises CoordinationStatusWrong."""
    if request.acknowledged_at is not None:
        return request, None
    _expect(request, UNANSWERED)
    known = dataclasses.replace(
        request,
        status=CoordinationStatus.ACKNOWLEDGED,
        acknowledged_at=now,
        acknowledged_by=by,
    )
    return known, CoordinationAcknowledged(known)


def accept_request(
    request: CoordinationRequest,
    *,
    promised_by: datetime | None,
    limited: str | None,
    by: str,
    now: datetime,
) -> tuple[CoordinationRequest, CoordinationAccepted]:
    """Promise help, by when, and what of it is left out; it is acknowledged with that.

    Raises CoordinationStatusWrong and NeededInPast.
    """
    _expect(request, UNANSWERED)
    _expect_ahead(promised_by, now, field="promisedBy")
    accepted = dataclasses.replace(
        _known(request, by=by, now=now),
        status=CoordinationStatus.ACCEPTED,
        answered_at=now,
        answered_by=by,
        promised_by=promised_by,
        limited=limited,
    )
    return accepted, CoordinationAccepted(accepted)


def decline_request(
    request: CoordinationRequest, *, ground: DeclineGround, reason: str, by: str, now: datetime
) -> tuple[CoordinationRequest, CoordinationDeclined]:
    """Refuse with a ground and words. Raises CoordinationStatusWrong."""
    _expect(request, UNANSWERED)
    declined = dataclasses.replace(
        _known(request, by=by, now=now),
        status=CoordinationStatus.DECLINED,
        answered_at=now,
        answered_by=by,
        ground=ground,
        reason=reason,
    )
    return declined, CoordinationDeclined(declined)


def complete_request(
    request: CoordinationRequest, *, result: str, by: str, now: datetime
) -> tuple[CoordinationRequest, CoordinationCompleted]:
    """Record that help was given, and what came of it. Raises CoordinationStatusWrong."""
    _expect(request, {CoordinationStatus.ACCEPTED})
    completed = dataclasses.replace(
        request,
        status=CoordinationStatus.COMPLETED,
        completed_at=now,
        completed_by=by,
        result=result,
    )
    return completed, CoordinationCompleted(completed)


def withdraw_request(
    request: CoordinationRequest, reason: str, *, now: datetime
) -> tuple[CoordinationRequest, CoordinationWithdrawn]:
    """Take it back, with the reason. Raises CoordinationStatusWrong."""
    _expect(request, OPEN_REQUEST)
    withdrawn = dataclasses.replace(
        request,
        status=CoordinationStatus.WITHDRAWN,
        withdrawn_at=now,
        withdrawn_because=reason,
    )
    return withdrawn, CoordinationWithdrawn(withdrawn)


def escalate_request(
    request: CoordinationRequest, superior: Organization, *, now: datetime
) -> tuple[CoordinationRequest, CoordinationEscalated | None]:
    """Ask the common superior; once, and only what is declined or unanswered."""
    unmet = UNANSWERED | {CoordinationStatus.DECLINED}
    if request.escalated_to is not None or request.status not in unmet:
        return request, None
    escalated = dataclasses.replace(request, escalated_to=superior.id, escalated_at=now)
    return escalated, CoordinationEscalated(escalated)


def direct_request(
    request: CoordinationRequest, direction: Direction, *, reason: str, by: str, now: datetime
) -> tuple[CoordinationRequest, CoordinationDirected]:
    """Say for the common superior whether it is to be done; DO_IT makes it accepted.

    `by` is the organization that directs. Raises NotEscalated, OwnRequest, CoordinationStatusWrong.
    """
    if request.escalated_to is None:
        raise NotEscalated(
            "It was neither declined nor left unanswered.",
            remedy="Wait for the answer, or order it.",
        )
    if by == request.from_organization and by != request.escalated_to:
        raise OwnRequest(
            "Whoever asks does not direct the answer.",
            remedy=f"{request.escalated_to} directs it.",
        )
    _expect(request, UNANSWERED | {CoordinationStatus.DECLINED})
    if request.directed_at is not None:
        raise CoordinationStatusWrong(
            f"{request.directed_by} said {request.direction} already.",
            currentStatus=request.status,
        )
    is_done = direction is Direction.DO_IT
    directed = dataclasses.replace(
        request,
        status=CoordinationStatus.ACCEPTED if is_done else CoordinationStatus.DECLINED,
        direction=direction,
        directed_at=now,
        directed_by=by,
        reason=reason,
    )
    return directed, CoordinationDirected(directed)


def common_superior(
    organizations: Iterable[Organization], one: str, other: str
) -> Organization | None:
    """The lowest organization above both in the tree; one of the two may be it. None: no tree holds both."""
    by_id = {each.id: each for each in organizations}
    over_one = _chain(by_id, one)
    over_other = set(_chain(by_id, other))
    return next((by_id[each] for each in over_one if each in over_other), None)


def _chain(by_id: dict[str, Organization], start: str) -> list[str]:
    chain: list[str] = []
    current: str | None = start
    while current is not None and current in by_id and current not in chain:
        chain.append(current)
        current = by_id[current].parent
    return chain


def _known(request: CoordinationRequest, *, by: str, now: datetime) -> CoordinationRequest:
    return dataclasses.replace(
        request,
        acknowledged_at=request.acknowledged_at or now,
        acknowledged_by=request.acknowledged_by or by,
    )


def _expect(request: CoordinationRequest, allowed: Iterable[CoordinationStatus]) -> None:
    if request.status not in allowed:
        raise CoordinationStatusWrong(
            f"The request is {request.status}.",
            remedy=f"This can be done while it is {' or '.join(sorted(allowed))}.",
            currentStatus=request.status,
        )


def _expect_ahead(instant: datetime | None, now: datetime, *, field: str) -> None:
    if instant is not None and instant <= now:
        raise NeededInPast(
            f"{instant.isoformat()} has passed.", field=(field,), remedy="Name a later instant."
        )
