"""What is owed to the public: the first bulletin and the press conference, and what answered them."""

from datetime import timedelta

from chassis.unit_of_work import UnitOfWork
from services.org import domain, store
from services.org.commands import log_entry
from services.org.commands import obligation as obligations

_KINDS = (domain.ObligationKind.DISCLOSE, domain.ObligationKind.HOLD_PRESS_CONFERENCE)


async def owe_disclosure(uow: UnitOfWork, incident: domain.Incident, *, again: str = "") -> None:
    """The public is owed what the grade asks for, once; what it was told already is not owed.

    `again` names why it is owed once more after it was taken back.
    """
    times = domain.disclosure_times(
        store.disclosure_rules(),
        incident.grade,
        jurisdiction=incident.jurisdiction,
        at=incident.declared_at,
    )
    known = await store.organizations_over(uow.db, incident.jurisdiction)
    owner = domain.commanding(known, incident.jurisdiction, incident.emergency_type)
    if times is None or owner is None:
        return
    told = await store.bulletins_of(uow.db, incident.id)
    wanted = (
        (_KINDS[0], times.bulletin_minutes, not told, ("发布权威信息", "tell the public")),
        (
            _KINDS[1],
            times.press_conference_minutes,
            not any(one.kind == domain.PRESS_CONFERENCE for one in told),
            ("举行新闻发布会", "hold a press conference"),
        ),
    )
    for kind, minutes, is_owed, title in wanted:
        if is_owed and minutes is not None:
            await _owe(
                uow,
                incident,
                kind,
                owner.id,
                minutes=minutes,
                title=title,
                again=again,
            )


async def waive_disclosure(uow: UnitOfWork, incident: domain.Incident) -> None:
    """Nothing is owed to the public of what was none, or is told with another incident."""
    for kind in _KINDS:
        owed = await store.open_obligations(uow.db, kind, subject_id=incident.id)
        await obligations.waive(uow, owed, f"the incident is {incident.status}")


async def hear_bulletin(
    uow: UnitOfWork, bulletin: domain.Bulletin, *, title: tuple[str, str], by: str
) -> None:
    """The public was told: what that answers is answered, and the log says so."""
    incident = await store.find_incident(uow.db, bulletin.incident_id, lock=True)
    await store.put_bulletin(uow.db, bulletin)
    is_conference = bulletin.kind == domain.PRESS_CONFERENCE
    for kind in _KINDS if is_conference else _KINDS[:1]:
        owed = await store.open_obligations(uow.db, kind, subject_id=bulletin.incident_id)
        await obligations.answer_all(uow, owed, at=bulletin.published_at, by=by)
    if incident is None:
        return
    await log_entry.note(
        uow,
        (f"信息发布:{title[0]}", f"The public was told: {title[1]}"),
        at=bulletin.published_at,
        jurisdiction=incident.jurisdiction,
        mode=incident.mode,
        exercise_id=incident.exercise_id,
        incident_id=incident.id,
    )


async def _owe(
    uow: UnitOfWork,
    incident: domain.Incident,
    kind: domain.ObligationKind,
    owed_by: str,
    *,
    minutes: int,
    title: tuple[str, str],
    again: str,
) -> None:
    due_at = incident.declared_at + timedelta(minutes=minutes)
    wanted = obligations.draft(
        uow,
        kind,
        key=f"{kind}/{incident.id}{again}",
        owed_by=owed_by,
        subject=domain.Subject(domain.SubjectKind.INCIDENT, incident.id),
        title=(f"{title[0]}:{incident.title}", f"{title[1]}: {incident.title}"),
        at=min(uow.now, due_at - timedelta(minutes=1)),
        due_at=due_at,
        mode=incident.mode,
        exercise_id=incident.exercise_id,
        jurisdiction=incident.jurisdiction,
        emergency_type=incident.emergency_type,
        incident_id=incident.id,
    )
    await obligations.owe(uow, wanted)
