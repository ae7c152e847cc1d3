"""Commands on early warnings: drafted, approved by a second person, updated, ended."""

from dataclasses import dataclass, replace

from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import target
from services.guarantee.domain import jurisdiction, organization, warning
from services.guarantee.domain.signal import Signal
from services.guarantee.domain.warning import Warning, WarningStatus, Wording
from vocabulary import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningForm:
    """An early warning as a person drafts it."""

    mode: Mode
    emergency_type: str
    wording: Wording
    divisions: tuple[str, ...]
    area_geojson: str | None
    signal_id: str | None
    supersedes: tuple[str, ...]


async def draft_warning(uow: UnitOfWork, form: WarningForm) -> Warning:
    """Leave a draft that awaits approval, and tell of it. Raises what placing its area refuses."""
    footprint = jurisdiction.locate(
        jurisdiction.ground_of_geojson(form.area_geojson),
        codes=form.divisions,
        jurisdictions=await store.all_jurisdictions(uow.db),
    )
    drafted = warning.draft(
        uow.new_id("war"),
        form.wording,
        mode=form.mode,
        emergency_type=form.emergency_type,
        footprint=footprint,
        organization_id=await _announcer(uow, footprint.jurisdiction, form.emergency_type),
        drafted_by=uow.caller.subject,
        now=uow.now,
    )
    uow.authorize("draft_warning", target.of_warning(drafted, is_new=True))
    return await _put_draft(
        uow, replace(drafted, signal_id=form.signal_id, supersedes=form.supersedes)
    )


async def draft_from_signal(uow: UnitOfWork, signal: Signal) -> Warning:
    """Leave the draft that a signal suggests; approved, it replaces those of the signals before it."""
    earlier = await store.active_from(uow.db, signal.supersedes)
    drafted = warning.draft_from_signal(
        signal,
        identity=uow.new_id("war"),
        organization_id=await _announcer(uow, signal.jurisdiction, signal.emergency_type),
        supersedes=(one.id for one in earlier),
        drafted_by=f"signal:{signal.id}",
        now=uow.now,
    )
    return await _put_draft(uow, drafted)


async def approve_warning(uow: UnitOfWork, id: str, *, expected_version: int) -> Warning:
    """Announce the draft and end what it replaces, which takes whoever may end that.

    Raises WarningNotAwaitingApproval and WarningStale.
    """
    draft = await _get(uow, "approve_warning", id, expected_version)
    issued = warning.issue(draft, approver=uow.caller.subject, now=uow.now)
    for earlier in await store.find_warnings(uow.db, issued.supersedes):
        superseded = warning.supersede(earlier, by=issued.id, now=uow.now)
        if superseded is not None:
            uow.authorize("cancel_warning", target.of_warning(earlier))
            await _end(uow, superseded)
    stored = await store.put_warning(uow.db, issued)
    await uow.publish(events.warning_issued(stored))
    return stored


async def reject_warning(
    uow: UnitOfWork, id: str, *, expected_version: int, reason: str
) -> Warning:
    """Lay the draft aside. Raises WarningNotAwaitingApproval."""
    draft = await _get(uow, "reject_warning", id, expected_version)
    return await _end(uow, warning.reject(draft, reason=reason, now=uow.now))


async def update_warning(
    uow: UnitOfWork, id: str, wording: Wording, *, expected_version: int
) -> Warning:
    """Leave the draft of an update; the warning stands until it is approved. Raises WarningNotActive."""
    current = await _get(uow, "update_warning", id, expected_version)
    update = warning.revise(
        current,
        wording,
        identity=uow.new_id("war"),
        drafted_by=uow.caller.subject,
        now=uow.now,
    )
    return await _put_draft(uow, update)


async def cancel_warning(
    uow: UnitOfWork, id: str, *, expected_version: int, reason: str
) -> Warning:
    """End the warning before its time. Raises WarningNotActive."""
    current = await _get(uow, "cancel_warning", id, expected_version)
    return await _end(uow, warning.cancel_warning(current, reason=reason, now=uow.now))


async def expire_warning(uow: UnitOfWork, id: str) -> None:
    """End the warning, or lay its draft aside, when its time has come."""
    for current in await store.find_warnings(uow.db, [id]):
        ended = warning.expire_warning(current, uow.now)
        if ended is not None:
            await _end(uow, ended)


async def lay_aside_drafts(uow: UnitOfWork, signal: Signal) -> None:
    """Reject the drafts that a signal suggested, now that it has ended and nobody decided them."""
    for draft in await store.drafts_from(uow.db, signal.id):
        reason = f"the signal is {signal.status.lower()}"
        await _end(uow, warning.reject(draft, reason=reason, now=uow.now))


async def end_warnings(uow: UnitOfWork, exercise_id: str) -> None:
    """End what was announced in the exercise, now that it is over."""
    for one in await store.announced_in(uow.db, exercise_id):
        ended = warning.cancel_warning(one, reason="the exercise is over", now=uow.now)
        await _end(uow, ended)


async def _get(uow: UnitOfWork, action: str, id: str, expected_version: int) -> Warning:
    """Return the warning, locked, that the caller may do this to."""
    current = await store.get_warning(uow.db, id)
    uow.authorize(action, target.of_warning(current))
    await store.require_current(uow.db, current, expected_version)
    return current


async def _announcer(uow: UnitOfWork, code: str, emergency_type: str) -> str | None:
    return organization.announcer(
        await store.organizations_of(uow.db, code),
        jurisdiction=code,
        emergency_type=emergency_type,
    )


async def _put_draft(uow: UnitOfWork, draft: Warning) -> Warning:
    stored = await store.put_warning(uow.db, draft)
    await uow.publish(events.warning_drafted(stored))
    if stored.expires_at is not None:
        await uow.schedule(
            f"warning.expire:{stored.id}",
            due_at=stored.expires_at,
            command="warning.expire",
            payload={"id": stored.id},
        )
    return stored


async def _end(uow: UnitOfWork, ended: Warning) -> Warning:
    stored = await store.put_warning(uow.db, ended)
    say = {
        WarningStatus.SUPERSEDED: events.warning_superseded,
        WarningStatus.CANCELLED: events.warning_cancelled,
        WarningStatus.REJECTED: events.warning_rejected,
        WarningStatus.EXPIRED: events.warning_expired,
    }[stored.status]
    await uow.publish(say(stored))
    await uow.unschedule(f"warning.expire:{stored.id}")
    return stored
