"""Commands on bulletins: drafted, published by a second person, corrected, withdrawn."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import incident as incidents
from services.guarantee.commands import rumour, target
from services.guarantee.domain import bulletin, organization
from services.guarantee.domain.bulletin import Bulletin


async def draft_bulletin(uow: UnitOfWork, form: Bulletin) -> Bulletin:
    """Leave a draft for a second person; of an incident it takes that one's division and mode.

    Raises PersonalDataInText, BulletinOfSealed, and NotFound for an incident or a rumour.
    """
    incident = await incidents.seen_incident(uow, form.incident_id) if form.incident_id else None
    if incident is not None:
        form = replace(form, jurisdiction=incident.jurisdiction, mode=incident.mode)
    if form.rumour_id is not None:
        await store.get_rumour(uow.db, form.rumour_id)
    announcer = organization.announcer(
        await store.organizations_of(uow.db, form.jurisdiction),
        jurisdiction=form.jurisdiction,
        emergency_type="",
    )
    drafted = replace(form, organization_id=announcer)
    uow.authorize("draft_bulletin", target.of_bulletin(drafted, is_new=True))
    return await _keep(uow, bulletin.draft_bulletin(drafted, incident=incident), "drafted")


async def publish_bulletin(uow: UnitOfWork, id: str, *, expected_version: int) -> Bulletin:
    """Tell the public; what it corrects is marked, the rumour that it answers is answered.

    Raises NotFound, VersionConflict, BulletinNotDraft, SecondPersonRequired.
    """
    draft = await _get(uow, "publish_bulletin", id, expected_version)
    published = bulletin.publish_bulletin(draft, by=uow.caller.subject, now=uow.now)
    if published.corrects is not None:
        wrong = await store.get_bulletin(uow.db, published.corrects)
        corrected = bulletin.correct_bulletin(wrong, by=published.id, now=uow.now)
        if corrected is not None:
            await _keep(uow, corrected, "corrected")
    stored = await _keep(uow, published, "published")
    if stored.rumour_id is not None:
        await rumour.answer_rumour(uow, stored.rumour_id, stored)
    return stored


async def reject_bulletin(
    uow: UnitOfWork, id: str, *, reason: str, expected_version: int
) -> Bulletin:
    """Lay the draft aside. Raises NotFound, VersionConflict, BulletinNotDraft."""
    draft = await _get(uow, "reject_bulletin", id, expected_version)
    return await _keep(uow, bulletin.reject_bulletin(draft, reason=reason, now=uow.now), "rejected")


async def correct_bulletin(
    uow: UnitOfWork, id: str, form: Bulletin, *, expected_version: int
) -> Bulletin:
    """Leave the draft that puts the bulletin right; published, it marks the other as corrected.

    Raises NotFound, VersionConflict, BulletinNotPublished, PersonalDataInText.
    """
    wrong = await _get(uow, "correct_bulletin", id, expected_version)
    bulletin.expect_published(wrong)
    draft = replace(
        form,
        kind=wrong.kind,
        jurisdiction=wrong.jurisdiction,
        incident_id=wrong.incident_id,
        rumour_id=wrong.rumour_id,
        mode=wrong.mode,
        organization_id=wrong.organization_id,
        corrects=wrong.id,
    )
    return await _keep(uow, bulletin.draft_bulletin(draft, incident=None), "drafted")


async def withdraw_bulletin(
    uow: UnitOfWork, id: str, *, reason: str, expected_version: int
) -> Bulletin:
    """Take it back with the reason. Raises NotFound, VersionConflict, BulletinNotPublished."""
    current = await _get(uow, "withdraw_bulletin", id, expected_version)
    withdrawn = bulletin.withdraw_bulletin(current, reason=reason, now=uow.now)
    return await _keep(uow, withdrawn, "withdrawn")


async def _get(uow: UnitOfWork, action: str, id: str, expected_version: int) -> Bulletin:
    """Return the bulletin, locked, that the caller may do this to."""
    current = await store.get_bulletin(uow.db, id)
    uow.authorize(action, target.of_bulletin(current))
    await store.require_current(uow.db, current, expected_version)
    return current


async def _keep(uow: UnitOfWork, one: Bulletin, event: str) -> Bulletin:
    stored = await store.put_bulletin(uow.db, one)
    await uow.publish(events.bulletin_told(event, stored))
    return stored
