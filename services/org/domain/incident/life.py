"""The life of an incident: declared, moved on, merged and taken apart, closed."""

import dataclasses
from collections.abc import Collection, Iterable
from datetime import datetime

from services.org.domain.figure import check_observed
from services.org.domain.incident.facts import (
    check_times,
    weigh,
)
from services.org.domain.incident.state import (
    ENDED,
    LEADS_TO,
    EmergencyTypeInvalid,
    Incident,
    IncidentClosed,
    IncidentDeclared,
    IncidentNotClosable,
    IncidentSealed,
    IncidentSealing,
    IncidentStatus,
    IncidentStatusChanged,
    IncidentStatusWrong,
    IncidentUnsealed,
    ModeIsFixed,
    PossibleDuplicate,
    Weighing,
    expect_open,
    near,
)
from vocabulary import Mode, emergency_class


def declare_incident(
    draft: Incident, *, others: Iterable[Incident], weighing: Weighing
) -> tuple[Incident, IncidentDeclared]:
    """Open the incident with its first facts weighed and graded.

    Raises EmergencyTypeInvalid, PossibleDuplicate (with the candidates that
    `draft.not_a_duplicate_of` does not name), and what `record_facts` raises.
    """
    try:
        emergency_class(draft.emergency_type)
    except ValueError as error:
        raise EmergencyTypeInvalid(str(error), field=("emergencyType",)) from error
    found = near(
        others, emergency_type=draft.emergency_type, place=draft.place, at=draft.declared_at
    )
    candidates = [one for one in found if one.id not in draft.not_a_duplicate_of]
    if candidates:
        raise PossibleDuplicate(
            f"{candidates[0].number} was declared near by: {candidates[0].title}.",
            remedy="Work on that one, or say in notADuplicateOf that this is another.",
            candidates=[
                {"id": one.id, "number": one.number, "title": one.title} for one in candidates
            ],
        )
    facts = draft.facts
    check_times(facts, draft.declared_at)
    if draft.occurred_at is not None:
        check_observed(draft.occurred_at, draft.declared_at, field=("occurredAt",))
    declared = weigh(dataclasses.replace(draft, facts=()), facts, weighing)
    return declared, IncidentDeclared(declared)


def change_status(
    incident: Incident, status: IncidentStatus, *, now: datetime
) -> tuple[Incident, IncidentStatusChanged]:
    """Move the incident on. Raises IncidentStatusWrong where its status does not lead."""
    if status not in LEADS_TO.get(incident.status, set()):
        raise IncidentStatusWrong(
            f"From {incident.status} an incident does not become {status}.",
            field=("status",),
            currentStatus=incident.status,
            leadsTo=sorted(LEADS_TO.get(incident.status, set())),
        )
    ended_at = now if status in ENDED else None
    moved = dataclasses.replace(incident, status=status, updated_at=now, closed_at=ended_at)
    return moved, IncidentStatusChanged(moved, incident.status)


def expect_mode(mode: Mode, other: Mode, *, field: str) -> None:
    """Pass when both are real, or both exercise. Raises ModeIsFixed (users.md §7, no. 12)."""
    if mode is not other:
        raise ModeIsFixed(
            f"One is {mode} and the other {other}: a mode cannot be changed afterwards.",
            field=(field,),
            remedy="Close the one of the wrong mode as a false alarm and declare it anew.",
        )


def merge_incident(
    incident: Incident, into: Incident, *, now: datetime
) -> tuple[Incident, IncidentStatusChanged]:
    """Make the incident part of `into`; it can be taken apart again. Raises IncidentStatusWrong."""
    expect_open(incident)
    expect_open(into)
    if incident.id == into.id:
        raise IncidentStatusWrong("An incident merges into another one.", field=("into",))
    expect_mode(incident.mode, into.mode, field="into")
    merged = dataclasses.replace(
        incident,
        status=IncidentStatus.MERGED,
        status_before_merge=incident.status,
        merged_into=into.id,
        updated_at=now,
    )
    return merged, IncidentStatusChanged(merged, incident.status)


def unmerge_incident(
    incident: Incident, *, now: datetime
) -> tuple[Incident, IncidentStatusChanged]:
    """Make the merged incident stand for itself again, as it was. Raises IncidentStatusWrong."""
    if incident.status is not IncidentStatus.MERGED or incident.status_before_merge is None:
        raise IncidentStatusWrong("It is not merged.", currentStatus=incident.status)
    apart = dataclasses.replace(
        incident,
        status=incident.status_before_merge,
        status_before_merge=None,
        merged_into=None,
        updated_at=now,
    )
    return apart, IncidentStatusChanged(apart, IncidentStatus.MERGED)


def seal_incident(incident: Incident) -> tuple[Incident, IncidentSealed]:
    """Keep it from everybody who is not cleared for it. Raises IncidentSealing when it is sealed."""
    if incident.sealed:
        raise IncidentSealing("It is sealed already.")
    hidden = dataclasses.replace(incident, sealed=True)
    return hidden, IncidentSealed(hidden)


def unseal_incident(incident: Incident) -> tuple[Incident, IncidentUnsealed]:
    """Show it again where it happened. Raises IncidentSealing when it is not sealed."""
    if not incident.sealed:
        raise IncidentSealing("It is not sealed.")
    shown = dataclasses.replace(incident, sealed=False)
    return shown, IncidentUnsealed(shown)


def close_incident(
    incident: Incident, *, blockers: Collection[tuple[str, str, str]], now: datetime
) -> tuple[Incident, IncidentClosed]:
    """End the incident.

    Raises IncidentNotClosable with `blockers` (kind, id, what), and IncidentStatusWrong.
    """
    expect_open(incident)
    if blockers:
        raise IncidentNotClosable(
            f"{len(blockers)} things are open or out.",
            remedy="Finish, decline or recall them first.",
            blockers=[{"kind": kind, "id": id, "what": what} for kind, id, what in blockers],
            currentStatus=incident.status,
        )
    closed = dataclasses.replace(
        incident, status=IncidentStatus.CLOSED, closed_at=now, updated_at=now
    )
    return closed, IncidentClosed(closed)
