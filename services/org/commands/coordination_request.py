"""Commands on coordination requests: asked, acknowledged, answered, completed, climbed, directed."""

import dataclasses
from datetime import datetime, timedelta

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import log_entry, target
from services.org.commands import obligation as obligations
from services.org.commands.incident import expect_on

_ANSWER = (domain.ObligationKind.ACKNOWLEDGE_REQUEST, domain.ObligationKind.ANSWER_REQUEST)
_ALL = (
    *_ANSWER,
    domain.ObligationKind.COMPLETE_REQUEST,
    domain.ObligationKind.DIRECT_REQUEST,
)


async def request_coordination(
    uow: UnitOfWork, draft: domain.CoordinationRequest
) -> domain.CoordinationRequest:
    """Ask the other organization; of an incident it takes that one's division and mode.

    Raises NotFound (`incident-not-found`, `organization-not-found`), AskedItself, NeededInPast, and
    in an exercise ExerciseNotOn.
    """
    if draft.incident_id is not None:
        incident = await store.get_incident(uow.db, draft.incident_id)
        draft = dataclasses.replace(
            draft,
            jurisdiction=incident.jurisdiction,
            mode=incident.mode,
            exercise_id=incident.exercise_id,
        )
    await expect_on(uow, draft.exercise_id, draft.mode)
    asked = await store.get_organization(uow.db, draft.to_organization)
    asking = await store.get_organization(uow.db, draft.from_organization)
    jurisdiction = draft.jurisdiction or asking.jurisdiction
    times = _times(uow, draft.urgency, jurisdiction)
    draft = dataclasses.replace(
        draft,
        jurisdiction=jurisdiction,
        rule=times.rule,
        answer_due_at=uow.now + timedelta(minutes=times.answer_minutes),
    )
    uow.authorize(
        "request_coordination",
        await target.of_coordination_request(uow.db, draft, is_new=True),
    )
    request, requested = domain.request_coordination(draft)
    request = await _keep(uow, request, requested)
    acknowledged = uow.now + timedelta(minutes=times.acknowledge_minutes)
    kinds = (
        (domain.ObligationKind.ACKNOWLEDGE_REQUEST, acknowledged, ("知悉", "acknowledge")),
        (domain.ObligationKind.ANSWER_REQUEST, request.answer_due_at, ("答复", "answer")),
    )
    for kind, due_at, verb in kinds:
        await _owe(uow, request, kind, owed_by=request.to_organization, due_at=due_at, verb=verb)
    await uow.schedule(
        f"unanswered/{request.id}",
        due_at=request.answer_due_at,
        command="request_unanswered",
        payload={"request": request.id},
    )
    names = (f"{asking.name_zh} → {asked.name_zh}", f"{asking.name_en} to {asked.name_en}")
    await _log(uow, request, (f"协调请求:{names[0]}", f"Request: {names[1]}"))
    return request


async def acknowledge_request(
    uow: UnitOfWork, request_id: str, *, expected_version: int | None
) -> domain.CoordinationRequest:
    """Record that the caller's organization knows. Raises CoordinationStatusWrong."""
    request = await _get(uow, "acknowledge_request", request_id, expected_version)
    request, known = domain.acknowledge_request(request, by=_by(uow), now=uow.now)
    if known is None:
        return request
    request = await _keep(uow, request, known)
    await _answered(uow, request, domain.ObligationKind.ACKNOWLEDGE_REQUEST)
    return request


async def accept_request(
    uow: UnitOfWork,
    request_id: str,
    *,
    promised_by: datetime | None,
    limited: str | None,
    expected_version: int,
) -> domain.CoordinationRequest:
    """Promise help; its completion is owed by the promise, or by when it is needed.

    Raises NotFound, VersionConflict, CoordinationStatusWrong, NeededInPast.
    """
    request = await _get(uow, "accept_request", request_id, expected_version)
    request, accepted = domain.accept_request(
        request, promised_by=promised_by, limited=limited, by=_by(uow), now=uow.now
    )
    request = await _keep(uow, request, accepted)
    await _answered(uow, request, *_ANSWER)
    await _owe_completion(uow, request)
    await _log(uow, request, ("协调请求:同意", "Request accepted"))
    return request


async def decline_request(
    uow: UnitOfWork,
    request_id: str,
    *,
    ground: domain.DeclineGround,
    reason: str,
    expected_version: int,
) -> domain.CoordinationRequest:
    """Refuse with a ground; the common superior is asked to direct it.

    Raises NotFound, VersionConflict, CoordinationStatusWrong.
    """
    request = await _get(uow, "decline_request", request_id, expected_version)
    request, declined = domain.decline_request(
        request, ground=ground, reason=reason, by=_by(uow), now=uow.now
    )
    request = await _keep(uow, request, declined)
    await _answered(uow, request, *_ANSWER)
    await _log(uow, request, (f"协调请求:不能({ground})", f"Request declined: {ground}"))
    return await _escalate(uow, request)


async def complete_request(
    uow: UnitOfWork, request_id: str, *, result: str, expected_version: int
) -> domain.CoordinationRequest:
    """Record that help was given. Raises NotFound, VersionConflict, CoordinationStatusWrong."""
    request = await _get(uow, "complete_request", request_id, expected_version)
    request, completed = domain.complete_request(request, result=result, by=_by(uow), now=uow.now)
    request = await _keep(uow, request, completed)
    await _answered(uow, request, domain.ObligationKind.COMPLETE_REQUEST)
    await _log(uow, request, ("协调请求:办结", "Request completed"))
    return request


async def withdraw_request(
    uow: UnitOfWork, request_id: str, *, reason: str, expected_version: int
) -> domain.CoordinationRequest:
    """Take it back. Raises NotFound, VersionConflict, CoordinationStatusWrong."""
    request = await _get(uow, "withdraw_request", request_id, expected_version)
    return await _withdraw(uow, request, reason)


async def end_requests(uow: UnitOfWork, exercise_id: str, reason: str) -> None:
    """Nothing is asked in the exercise any more."""
    for one in await store.open_requests_of_exercise(uow.db, exercise_id):
        await _withdraw(uow, one, reason)


async def direct_request(
    uow: UnitOfWork,
    request_id: str,
    *,
    direction: domain.Direction,
    reason: str,
    expected_version: int,
) -> domain.CoordinationRequest:
    """Say for the common superior whether it is to be done; then its completion is owed.

    Raises NotFound, VersionConflict, NotEscalated, OwnRequest, CoordinationStatusWrong.
    """
    request = await _get(uow, "direct_request", request_id, expected_version)
    request, directed = domain.direct_request(
        request, direction, reason=reason, by=_acting_for(uow), now=uow.now
    )
    request = await _keep(uow, request, directed)
    await _answered(uow, request, domain.ObligationKind.DIRECT_REQUEST)
    # a request that was never answered is answered by the direction
    await obligations.waive(uow, await _open(uow, request, *_ANSWER), "directed by the superior")
    if direction is domain.Direction.DO_IT:
        await _owe_completion(uow, request)
    await _log(uow, request, (f"协调请求:上级{direction}", f"Request directed: {direction}"))
    return request


async def escalate_unanswered(uow: UnitOfWork, request_id: str) -> None:
    """The answer did not come in time: the common superior is asked; again changes nothing."""
    request = await store.get_coordination_request(uow.db, request_id)
    if request.status in domain.UNANSWERED:
        await _escalate(uow, request)


async def _escalate(
    uow: UnitOfWork, request: domain.CoordinationRequest
) -> domain.CoordinationRequest:
    superior = await _superior(uow, request)
    if superior is None:
        return request
    request, escalated = domain.escalate_request(request, superior, now=uow.now)
    if escalated is None:
        return request
    request = await _keep(uow, request, escalated)
    times = _times(uow, request.urgency, request.jurisdiction)
    await _owe(
        uow,
        request,
        domain.ObligationKind.DIRECT_REQUEST,
        owed_by=superior.id,
        due_at=uow.now + timedelta(minutes=times.direct_minutes),
        verb=("裁定", "direct"),
    )
    return request


async def _superior(
    uow: UnitOfWork, request: domain.CoordinationRequest
) -> domain.Organization | None:
    """The lowest organization above both, else whoever commands in general where it is asked."""
    asked = await store.get_organization(uow.db, request.to_organization)
    known = {
        one.id: one
        for code in (request.jurisdiction, asked.jurisdiction)
        for one in await store.organizations_over(uow.db, code)
    }
    pair = (request.from_organization, request.to_organization)
    return domain.common_superior(known.values(), *pair) or domain.commanding(
        known.values(), request.jurisdiction, ""
    )


async def _owe_completion(uow: UnitOfWork, request: domain.CoordinationRequest) -> None:
    due_at = request.promised_by or request.needed_by
    await _owe(
        uow,
        request,
        domain.ObligationKind.COMPLETE_REQUEST,
        owed_by=request.to_organization,
        due_at=due_at if due_at and due_at > uow.now else None,
        verb=("办结", "complete"),
    )


async def _withdraw(
    uow: UnitOfWork, request: domain.CoordinationRequest, reason: str
) -> domain.CoordinationRequest:
    request, withdrawn = domain.withdraw_request(request, reason, now=uow.now)
    request = await _keep(uow, request, withdrawn)
    await obligations.waive(uow, await _open(uow, request, *_ALL), "the request was withdrawn")
    return request


async def _owe(
    uow: UnitOfWork,
    request: domain.CoordinationRequest,
    kind: domain.ObligationKind,
    *,
    owed_by: str,
    due_at: datetime | None,
    verb: tuple[str, str],
) -> None:
    wanted = obligations.draft(
        uow,
        kind,
        key=f"{kind}/{request.id}",
        owed_by=owed_by,
        owed_to=request.from_organization,
        subject=domain.Subject(domain.SubjectKind.COORDINATION_REQUEST, request.id),
        title=(f"{verb[0]}协调请求:{request.title}", f"{verb[1]} the request: {request.title}"),
        at=uow.now,
        due_at=due_at,
        mode=request.mode,
        exercise_id=request.exercise_id,
        jurisdiction=request.jurisdiction,
        incident_id=request.incident_id,
    )
    await obligations.owe(uow, wanted)


async def _answered(
    uow: UnitOfWork, request: domain.CoordinationRequest, *kinds: domain.ObligationKind
) -> None:
    owed = await _open(uow, request, *kinds)
    await obligations.answer_all(uow, owed, at=uow.now, by=_acting_for(uow))


async def _open(
    uow: UnitOfWork, request: domain.CoordinationRequest, *kinds: domain.ObligationKind
) -> list[domain.Obligation]:
    found = [await store.open_obligations(uow.db, one, subject_id=request.id) for one in kinds]
    return [one for each in found for one in each]


def _times(uow: UnitOfWork, urgency: domain.Urgency, jurisdiction: str) -> domain.CoordinationTimes:
    rules = store.coordination_rules()
    return domain.coordination_times(rules, urgency, jurisdiction=jurisdiction, at=uow.now)


async def _get(
    uow: UnitOfWork, action: str, request_id: str, expected_version: int | None
) -> domain.CoordinationRequest:
    """The request, locked, that the caller may do this to."""
    request = await store.get_coordination_request(uow.db, request_id)
    uow.authorize(action, await target.of_coordination_request(uow.db, request))
    await documents.current(uow.db, store.tables.coordination_request, request, expected_version)
    return request


def _acting_for(uow: UnitOfWork) -> str:
    """The organization in whose name the caller was permitted to act."""
    grant = uow.decisions[-1].grant if uow.decisions else None
    return (grant.organization if grant else None) or _by(uow)


def _by(uow: UnitOfWork) -> str:
    return uow.caller.person or uow.caller.subject


async def _keep(
    uow: UnitOfWork, request: domain.CoordinationRequest, said: domain.CoordinationEvent
) -> domain.CoordinationRequest:
    request = await store.put_coordination_request(uow.db, request)
    await uow.publish(events.to_message(said))
    return request


async def _log(uow: UnitOfWork, request: domain.CoordinationRequest, text: tuple[str, str]) -> None:
    await log_entry.note(
        uow,
        (f"{text[0]}:{request.title}", f"{text[1]}: {request.title}"),
        at=uow.now,
        jurisdiction=request.jurisdiction,
        mode=request.mode,
        exercise_id=request.exercise_id,
        incident_id=request.incident_id,
        organization_id=request.from_organization,
    )
