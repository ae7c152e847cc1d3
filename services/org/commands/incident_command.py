"""Commands on incident commands: exactly one is formed when an incident is declared."""

from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import log_entry, target
from services.org.commands import obligation as obligations


async def form(uow: UnitOfWork, incident: domain.Incident) -> domain.IncidentCommand | None:
    """Form the incident's command; where no post can lead it, whoever commands owes it.

    Where nobody commands at all there is no command: a violation.
    """
    present = await store.find_command(uow.db, incident.id)
    if present is not None:
        return present
    known = await store.organizations_over(uow.db, incident.jurisdiction)
    owner = domain.commanding(known, incident.jurisdiction, incident.emergency_type)
    if owner is None:
        return None
    # locked: it cannot become one that supervises meanwhile
    owner = await store.find_organization(uow.db, owner.id, lock=True) or owner
    commander = domain.highest_post(await store.posts_of(uow.db, [owner.id]), owner.id)
    if commander is None:
        await _owe_command(uow, incident, owner)
        return None
    members = await store.organizations_in(uow.db, [owner.jurisdiction])
    command, formed = domain.form_command(
        uow.new_id("cmd"),
        incident,
        organization=owner,
        commander=commander,
        organizations=members,
        now=uow.now,
    )
    command = await store.put_command(uow.db, command)
    await uow.publish(events.to_message(formed))
    await log_entry.note(
        uow,
        (f"成立现场指挥部:{owner.name_zh}", f"Command formed: {owner.name_en}"),
        at=uow.now,
        jurisdiction=incident.jurisdiction,
        mode=incident.mode,
        exercise_id=incident.exercise_id,
        incident_id=incident.id,
        organization_id=owner.id,
    )
    return command


async def form_command(uow: UnitOfWork, incident_id: str) -> domain.IncidentCommand:
    """Form the command that is owed, now that a post can lead it.

    Raises NotFound `incident-not-found` and CommanderMissing.
    """
    incident = await store.get_incident(uow.db, incident_id)
    uow.authorize("form_command", target.of_incident(incident))
    command = await form(uow, incident)
    if command is None:
        raise domain.CommanderMissing(
            f"No post can lead the command of {incident.number}.",
            remedy="Name a post of the organization that commands this kind of emergency.",
        )
    owed = await store.open_obligations(
        uow.db, domain.ObligationKind.FORM_COMMAND, subject_id=incident.id
    )
    await obligations.answer_all(uow, owed, at=uow.now, by=command.commander_post)
    return command


async def _owe_command(
    uow: UnitOfWork, incident: domain.Incident, owner: domain.Organization
) -> None:
    wanted = obligations.draft(
        uow,
        domain.ObligationKind.FORM_COMMAND,
        key=f"FORM_COMMAND/{incident.id}",
        owed_by=owner.id,
        subject=domain.Subject(domain.SubjectKind.INCIDENT, incident.id),
        title=(f"成立现场指挥部:{incident.title}", f"form the command of {incident.number}"),
        at=uow.now,
        mode=incident.mode,
        exercise_id=incident.exercise_id,
        jurisdiction=incident.jurisdiction,
        emergency_type=incident.emergency_type,
        incident_id=incident.id,
    )
    await obligations.owe(uow, wanted)
