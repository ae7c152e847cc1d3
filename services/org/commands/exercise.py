"""Exercises: who may be told in them, the facts of their scripts, and that one is over (PLAN-7)."""

import dataclasses
import hashlib
from collections.abc import Sequence

from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import (
    coordination_request,
    incident,
    log_entry,
    report,
    situation_report,
)
from services.org.commands import obligation as obligations
from services.org.commands.order import steps as orders

OVER = "the exercise is over"


async def hear_exercise(uow: UnitOfWork, heard: domain.Exercise) -> None:
    """Who takes part is known: what waited for that is told; once it is over nothing is owed in it."""
    present = await store.find_exercise(uow.db, heard.id, lock=True)
    version = present.version if present else 0
    exercise = await store.put_exercise(uow.db, dataclasses.replace(heard, version=version))
    if exercise.is_over:
        await _end(uow, exercise)
    elif present is None:
        await obligations.tell_waiting(uow, exercise.id)


async def inject_incident(
    uow: UnitOfWork, exercise: domain.Exercise, key: str, *, draft: domain.Incident
) -> None:
    """The script's emergency is declared in the exercise, once, beside whatever lies near."""
    scripted = dataclasses.replace(
        draft, id=injected_id("inc", exercise.id, key), exercise_id=exercise.id
    )
    if await store.find_incident(uow.db, scripted.id) is None:
        await incident.declare_scripted(uow, scripted)


async def inject_figures(
    uow: UnitOfWork, exercise: domain.Exercise, key: str, *, facts: Sequence[domain.Fact]
) -> None:
    """The figures are recorded on the incident that the script's `key` declared, while it is open."""
    before = await store.find_incident(uow.db, injected_id("inc", exercise.id, key), lock=True)
    if before is not None and before.status not in domain.ENDED:
        await incident.record(uow, before, facts)


async def inject_report(
    uow: UnitOfWork, exercise: domain.Exercise, *, draft: domain.Report
) -> None:
    """The script's report is taken in, once."""
    scripted = dataclasses.replace(draft, exercise_id=exercise.id)
    if await store.find_report(uow.db, scripted.id) is None:
        await report.take_in(uow, scripted)


async def inject_note(uow: UnitOfWork, exercise: domain.Exercise, entry: domain.LogEntry) -> None:
    """What is read out stands in the exercise's log, once."""
    if await store.find_log_entry(uow.db, entry.id) is None:
        await log_entry.add_log_entry(uow, dataclasses.replace(entry, exercise_id=exercise.id))


def injected_id(prefix: str, exercise_id: str, key: str) -> str:
    """The id that a fact of the script has, however often it is heard."""
    digest = hashlib.sha256(f"{exercise_id} {key}".encode()).hexdigest()
    return f"{prefix}_{digest[:32]}"


async def _end(uow: UnitOfWork, exercise: domain.Exercise) -> None:
    for one in await store.open_incidents_of_exercise(uow.db, exercise.id):
        closed, said = domain.close_incident(one, blockers=(), now=uow.now)
        await store.put_incident(uow.db, closed)
        await uow.publish(events.to_message(said))
        await situation_report.drop_series(uow, closed, OVER)
    for issued in await store.issued_orders_of_exercise(uow.db, exercise.id):
        await orders.lift(uow, issued, OVER)
    await coordination_request.end_requests(uow, exercise.id, OVER)
    owed = await store.open_obligations_of_exercise(uow.db, exercise.id)
    await obligations.waive(uow, owed, OVER)
