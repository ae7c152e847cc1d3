"""Commands on bulletins: drafted, published by a second person, corrected, withdrawn."""

from dataclasses import replace

from chassis.policy import VIEW
from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import incident as incidents
from services.guarantee.commands import rumour, target
from services.guarantee.domain import bulletin, organization
from services.guarantee.domain import rumour as rumours
from services.guarantee.domain.bulletin import Bulletin


async def draft_bulletin(uow: UnitOfWork, form: Bulletin) -> Bulletin:
    """Leave a draft for a second person; of an incident it takes that one's division and mode.

    Raises PersonalDataInText, BulletinOfSealed, RumourOfOtherMode, and NotFound for an incident or
    a rumour that is not there or that the caller may not know of.
    """
    incident = await incidents.seen_incident(uow, form.incident_id) if form.incident_id else None
    if incident is not None:
        form = replace(form, jurisdiction=incident.jurisdiction, mode=incident.mode)
    announcer = organization.announcer(
        await store.organizations_of(uow.db, form.jurisdiction),
        jurisdiction=form.jurisdiction,
        emergency_type="",
    )
    drafted = replace(form, organization_id=announcer)
    uow.authorize("draft_bulletin", target.of_bulletin(drafted, is_new=True))
    if drafted.rumour_id is not None:
        answered = await store.get_rumour(uow.db, drafted.rumour_id)
        hidden = await store.is_sealed(uow.db, answered.incident_id)
        uow.authorize(VIEW, target.of_rumour(answered, sealed=hidden))
        rumours.expect_same_mode(answered, drafted)
    sealed = await _is_sealed(uow, drafted)
    return await _keep(uow, bulletin.draft_bulletin(drafted, sealed=sealed), "drafted")


async def publish_bulletin(uow: UnitOfWork, id: str, *, expected_version: int) -> Bulletin:
    """Tell the public; what it corrects is marked, the rumour that it answers is answered.

    Raises NotFound, VersionConflict, BulletinNotDraft, SecondPersonRequired, BulletinOfSealed when
    it was sealed since, and BulletinNotPublished when what it corrects no longer stands.
    """
    draft = await _get(uow, "publish_bulletin", id, expected_version)
    sealed = await _is_sealed(uow, draft)
    published = bulletin.publish_bulletin(draft, sealed=sealed, by=uow.caller.subject, now=uow.now)
    if published.corrects is not None:
        wrong = await store.get_bulletin(uow.db, published.corrects)
        corrected = bulletin.correct_bulletin(wrong, by=published.id, now=uow.now)
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

    Raises NotFound, VersionConflict, BulletinNotPublished, BulletinOfSealed, PersonalDataInText.
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
    return await _keep(
        uow, bulletin.draft_bulletin(draft, sealed=await _is_sealed(uow, draft)), "drafted"
    )


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
    sealed = await store.is_sealed(uow.db, current.incident_id)
    uow.authorize(action, target.of_bulletin(current, sealed=sealed))
    await store.require_current(uow.db, current, expected_version)
    return current


async def _is_sealed(uow: UnitOfWork, one: Bulletin) -> bool:
    """Whether its incident is sealed, or that of the rumour it answers."""
    incidents = {one.incident_id}
    if one.rumour_id is not None:
        incidents.add((await store.get_rumour(uow.db, one.rumour_id)).incident_id)
    return any([await store.is_sealed(uow.db, incident) for incident in incidents])


async def _keep(uow: UnitOfWork, one: Bulletin, event: str) -> Bulletin:
    stored = await store.put_bulletin(uow.db, one)
    await uow.publish(events.bulletin_told(event, stored))
    return stored
