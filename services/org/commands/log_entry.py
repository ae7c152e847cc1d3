"""Commands on the duty log: signed by people, or written by decisions."""

import dataclasses
from datetime import datetime

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import target
from vocabulary import Mode


async def add_log_entry(uow: UnitOfWork, entry: domain.LogEntry) -> domain.LogEntry:
    """Sign the entry. Raises ObservedInFuture."""
    signed, added = domain.add_entry(entry)
    signed = await store.put_log_entry(uow.db, signed)
    await uow.publish(events.to_message(added))
    return signed


async def sign_log_entry(uow: UnitOfWork, draft: domain.LogEntry) -> domain.LogEntry:
    """Sign a person's entry; of an incident, it takes the incident's division and mode.

    Raises ObservedInFuture, PostNotHeld, NotFound `incident-not-found`, and in an exercise
    ExerciseNotOn.
    """
    if draft.post is not None and draft.post not in uow.caller.posts:
        raise domain.PostNotHeld(
            f"You do not hold {draft.post}.", field=("post",), missing=draft.post
        )
    if draft.incident_id is not None:
        incident = await store.get_incident(uow.db, draft.incident_id)
        draft = dataclasses.replace(
            draft,
            jurisdiction=incident.jurisdiction,
            mode=incident.mode,
            exercise_id=incident.exercise_id,
        )
    if draft.exercise_id is not None:
        exercise = await store.find_exercise(uow.db, draft.exercise_id)
        domain.expect_on(exercise, draft.exercise_id, draft.mode)
    uow.authorize("sign_log_entry", await target.of_log_entry(uow.db, draft, is_new=True))
    return await add_log_entry(uow, draft)


async def strike_log_entry(
    uow: UnitOfWork, entry_id: str, *, reason: str, expected_version: int
) -> domain.LogEntry:
    """Strike the entry with a reason; it stays readable. Raises LogEntryStruckAlready, NotFound."""
    entry = await store.get_log_entry(uow.db, entry_id)
    uow.authorize("strike_log_entry", await target.of_log_entry(uow.db, entry))
    await documents.current(uow.db, store.tables.log_entry, entry, expected_version)
    by = uow.caller.person or uow.caller.subject
    entry, struck = domain.strike_entry(entry, reason, by=by, now=uow.now)
    entry = await store.put_log_entry(uow.db, entry)
    await uow.publish(events.to_message(struck))
    return entry


async def note(
    uow: UnitOfWork,
    text: tuple[str, str],
    *,
    at: datetime,
    jurisdiction: str,
    mode: Mode,
    incident_id: str | None = None,
    organization_id: str | None = None,
    exercise_id: str | None = None,
) -> None:
    """Write a SYSTEM entry of what was decided, in Chinese and English."""
    entry = domain.LogEntry(
        id=uow.new_id("log"),
        at=min(at, uow.now),
        recorded_at=uow.now,
        kind=domain.LogKind.SYSTEM,
        text=text[0],
        text_en=text[1],
        by="system",
        organization_id=organization_id,
        jurisdiction=jurisdiction,
        incident_id=incident_id,
        mode=mode,
        exercise_id=exercise_id,
    )
    await add_log_entry(uow, entry)
