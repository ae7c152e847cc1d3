"""Commands on incidents: declared, fed with facts, moved on, merged, closed."""

import dataclasses
from collections.abc import Sequence

from chassis import documents
from chassis.policy import VIEW
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import (
    bulletin,
    incident_command,
    log_entry,
    report,
    reporter,
    situation_report,
    target,
)
from vocabulary import Mode


async def declare_incident(uow: UnitOfWork, draft: domain.Incident) -> domain.Incident:
    """Open the incident under the next number of its division and day, with its command.

    `draft` has no number yet. Reports that it names are verified as telling of it.
    Raises PossibleDuplicate, EmergencyTypeInvalid, PlaceOutsideJurisdiction, ObservedInFuture,
    FigureUnitWrong, FigureDecreased, ReportStatusWrong; in an exercise ExerciseNotOn.
    """
    uow.authorize("declare_incident", target.of_incident(draft, is_new=True))
    await expect_on(uow, draft.exercise_id, draft.mode)
    division = await store.find_jurisdiction(uow.db, draft.jurisdiction)
    domain.check_place(division, draft.place)
    # the number is taken first: whoever declares next in this division waits and sees this one
    numbered = dataclasses.replace(draft, number=await _number(uow, draft))
    others = await store.incidents_about(
        uow.db, emergency_type=draft.emergency_type, mode=draft.mode, at=draft.declared_at
    )
    ours = [one for one in others if one.exercise_id == draft.exercise_id]
    # what is sealed to the caller is not there, nor a duplicate of it
    seen = [one for one in ours if uow.decide(VIEW, target.of_incident(one)).allowed]
    return await _declare(uow, numbered, seen)


async def declare_scripted(uow: UnitOfWork, draft: domain.Incident) -> domain.Incident:
    """Open the incident that an exercise's script says, beside whatever lies near."""
    return await _declare(uow, dataclasses.replace(draft, number=await _number(uow, draft)), ())


async def expect_on(uow: UnitOfWork, exercise_id: str | None, mode: Mode) -> None:
    """Pass outside exercises and in running ones. Raises ExerciseModeWrong and ExerciseNotOn."""
    if exercise_id is not None:
        domain.expect_on(await store.find_exercise(uow.db, exercise_id), exercise_id, mode)


async def record_facts(
    uow: UnitOfWork, incident_id: str, facts: Sequence[domain.Fact], *, expected_version: int
) -> domain.Incident:
    """Add the facts and grade anew; a jump of two grades waits for a second person.

    Raises NotFound, VersionConflict, IncidentStatusWrong, ObservedInFuture, FigureUnitWrong,
    FigureDecreased; then nothing is recorded.
    """
    before = await _get(uow, "record_facts", incident_id, expected_version=expected_version)
    return await record(uow, before, facts)


async def record(
    uow: UnitOfWork, before: domain.Incident, facts: Sequence[domain.Fact]
) -> domain.Incident:
    """Add the facts to the incident, which is ours, and grade anew. Raises as `record_facts`."""
    incident, said = domain.record_facts(before, facts, weighing=_weighing(before), now=uow.now)
    return await _keep(uow, before, incident, said)


async def confirm_figure(
    uow: UnitOfWork, incident_id: str, figure_id: str, *, expected_version: int
) -> domain.Incident:
    """Let an unconfirmed figure count on the caller's word.

    Raises NotFound, VersionConflict, FigureNotUnconfirmed, SecondPersonRequired.
    """
    before = await store.get_incident(uow.db, incident_id)
    by = uow.caller.person or uow.caller.subject
    # the same person, whichever token they hold
    is_own = any(one.id == figure_id and one.recorded_by == by for one in before.facts)
    authors = frozenset({uow.caller.subject} if is_own else ())
    uow.authorize("confirm_figure", target.of_figure(before, authors=authors))
    await documents.current(uow.db, store.tables.incident, before, expected_version)
    incident, said = domain.confirm_figure(
        before,
        figure_id,
        by=by,
        weighing=_weighing(before),
        now=uow.now,
    )
    return await _keep(uow, before, incident, said)


async def change_status(
    uow: UnitOfWork,
    incident_id: str,
    status: domain.IncidentStatus,
    *,
    reason: str,
    expected_version: int,
) -> domain.Incident:
    """Move the incident on. Raises NotFound, VersionConflict, IncidentStatusWrong."""
    incident = await _get(uow, "change_status", incident_id, expected_version=expected_version)
    incident, changed = domain.change_status(incident, status, now=uow.now)
    if incident.closed_at is not None:
        await reporter.end_case(uow, incident)
    return await _moved(uow, incident, changed, f"{status}: {reason}")


async def merge_incident(
    uow: UnitOfWork, incident_id: str, *, into: str, expected_version: int
) -> domain.Incident:
    """Make the incident part of another. Raises NotFound, VersionConflict, IncidentStatusWrong."""
    incident = await _get(uow, "merge_incident", incident_id, expected_version=expected_version)
    whole = await _get(uow, "merge_incident", into)
    incident, changed = domain.merge_incident(incident, whole, now=uow.now)
    return await _moved(uow, incident, changed, f"MERGED: {whole.number}")


async def unmerge_incident(
    uow: UnitOfWork, incident_id: str, *, expected_version: int
) -> domain.Incident:
    """Let it stand for itself again. Raises NotFound, VersionConflict, IncidentStatusWrong."""
    incident = await _get(uow, "unmerge_incident", incident_id, expected_version=expected_version)
    incident, changed = domain.unmerge_incident(incident, now=uow.now)
    await situation_report.resume_series(uow, incident)
    await bulletin.owe_disclosure(uow, incident, again=f"/{incident.version}")
    return await _moved(uow, incident, changed, f"{incident.status}")


async def close_incident(
    uow: UnitOfWork, incident_id: str, *, expected_version: int
) -> domain.Incident:
    """End the incident. Raises NotFound, VersionConflict, IncidentNotClosable with what is open or out."""
    incident = await _get(uow, "close_incident", incident_id, expected_version=expected_version)
    tasks = await store.open_tasks_of_incident(uow.db, incident_id)
    out = await store.dispatches_out(uow.db, incident_id)
    blockers = [
        *(("TASK", one.id, one.title_en) for one in tasks),
        *(("DISPATCH", one.id, f"{one.resource} {one.status}") for one in out),
    ]
    incident, closed = domain.close_incident(incident, blockers=blockers, now=uow.now)
    incident = await store.put_incident(uow.db, incident)
    await uow.publish(events.to_message(closed))
    await reporter.end_case(uow, incident)
    await situation_report.follow_status(uow, incident)
    await _log(uow, incident, (f"事件结束:{incident.title}", f"Closed: {incident.title}"))
    return incident


async def seal_incident(
    uow: UnitOfWork, incident_id: str, *, reason: str, expected_version: int
) -> domain.Incident:
    """Keep it, and all that belongs to it, from everybody who is not cleared for it.

    Raises NotFound, VersionConflict, IncidentSealing.
    """
    incident = await _get(uow, "seal_incident", incident_id, expected_version=expected_version)
    incident, changed = domain.seal_incident(incident)
    return await _sealed(uow, incident, changed, (f"封存:{reason}", f"Sealed: {reason}"))


async def unseal_incident(
    uow: UnitOfWork, incident_id: str, *, reason: str, expected_version: int
) -> domain.Incident:
    """Show it again where it happened. Raises NotFound, VersionConflict, IncidentSealing."""
    incident = await _get(uow, "unseal_incident", incident_id, expected_version=expected_version)
    text = (f"解除封存:{reason}", f"Unsealed: {reason}")
    incident, changed = domain.unseal_incident(incident)
    return await _sealed(uow, incident, changed, text)


async def start_response(uow: UnitOfWork, incident_id: str) -> None:
    """A plan is in force for the incident: it is responding, if it was only declared until now."""
    incident = await store.find_incident(uow.db, incident_id, lock=True)
    if incident is None or incident.status is not domain.IncidentStatus.DECLARED:
        return
    responding = domain.IncidentStatus.RESPONDING
    incident, changed = domain.change_status(incident, responding, now=uow.now)
    await _moved(uow, incident, changed, f"{responding}")


async def _declare(
    uow: UnitOfWork, numbered: domain.Incident, others: Sequence[domain.Incident]
) -> domain.Incident:
    incident, declared = domain.declare_incident(
        numbered, others=others, weighing=_weighing(numbered)
    )
    incident = await store.put_incident(uow.db, incident)
    await uow.publish(events.to_message(declared))
    for report_id in incident.from_reports:
        await report.verify_report(uow, report_id, incident_id=incident.id, expected_version=None)
    await _log(uow, incident, (f"认定突发事件:{incident.title}", f"Declared: {incident.title}"))
    await incident_command.form(uow, incident)
    await situation_report.begin_series(uow, incident)
    await bulletin.owe_disclosure(uow, incident)
    return incident


async def _get(
    uow: UnitOfWork, action: str, incident_id: str, *, expected_version: int | None = None
) -> domain.Incident:
    """The incident, locked, that the caller may do this to."""
    incident = await store.get_incident(uow.db, incident_id)
    uow.authorize(action, target.of_incident(incident))
    await documents.current(uow.db, store.tables.incident, incident, expected_version)
    return incident


async def _sealed(
    uow: UnitOfWork,
    incident: domain.Incident,
    changed: domain.IncidentSealed | domain.IncidentUnsealed,
    text: tuple[str, str],
) -> domain.Incident:
    incident = await store.put_incident(uow.db, incident)
    await store.seal_with(uow.db, incident)
    await uow.publish(events.to_message(changed))
    await _log(uow, incident, text)
    return incident


async def _number(uow: UnitOfWork, draft: domain.Incident) -> str:
    day = draft.declared_at.astimezone(domain.CIVIL_TIME).strftime("%Y%m%d")
    key = f"incident/{draft.mode}/{draft.jurisdiction}/{day}"
    ordinal = await store.next_number(uow.db, key)
    return domain.incident_number(draft.jurisdiction, draft.declared_at, ordinal, draft.mode)


def _weighing(incident: domain.Incident) -> domain.Weighing:
    rule = domain.grading_rule(
        store.grading_rules(),
        incident.emergency_type,
        jurisdiction=incident.jurisdiction,
        at=incident.declared_at,
    )
    return domain.Weighing(store.figure_rule(), rule)


async def _keep(
    uow: UnitOfWork,
    before: domain.Incident,
    incident: domain.Incident,
    said: Sequence[domain.FactEvent],
) -> domain.Incident:
    incident = await store.put_incident(uow.db, incident)
    for one in said:
        await uow.publish(events.to_message(one))
    await situation_report.follow_incident(uow, incident, before=before)
    await bulletin.owe_disclosure(uow, incident)
    if before.grade is not incident.grade:
        grades = f"{before.grade or '-'} → {incident.grade or '-'} ({incident.grade_rule})"
        await _log(uow, incident, (f"事件分级:{grades}", f"Graded {grades}"))
    return incident


async def _moved(
    uow: UnitOfWork,
    incident: domain.Incident,
    changed: domain.IncidentStatusChanged,
    what: str,
) -> domain.Incident:
    incident = await store.put_incident(uow.db, incident)
    await uow.publish(events.to_message(changed))
    await situation_report.follow_status(uow, incident)
    if incident.status in (domain.IncidentStatus.FALSE_ALARM, domain.IncidentStatus.MERGED):
        await bulletin.waive_disclosure(uow, incident)
    await _log(uow, incident, (f"事件状态:{what}", f"Status {what}"))
    return incident


async def _log(uow: UnitOfWork, incident: domain.Incident, text: tuple[str, str]) -> None:
    await log_entry.note(
        uow,
        text,
        at=uow.now,
        jurisdiction=incident.jurisdiction,
        mode=incident.mode,
        exercise_id=incident.exercise_id,
        incident_id=incident.id,
    )
