"""Provisions that guarantee publishes: kept as copies; what is in force is asked about again."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands.reanswer import has_any_of, reanswer
from services.plans.commands.revision import note_lapse, note_provision

PROVISION_TURNS = "provision_turns"


async def keep_provision(uow: UnitOfWork, heard: domain.Provision) -> None:
    """The copy is as guarantee last said it, and so are the answers to what is in force.

    Plans that rest on it know what changed.
    """
    kept = await store.find_provision(uow.db, heard.id)
    await store.put_provision(uow.db, replace(heard, version=kept.version if kept else 0))
    if kept is not None and kept.law == heard.law:
        return
    was = kept.law.measures if kept else ()
    await reanswer(uow, has_any_of({*was, *heard.law.measures}))
    await note_provision(uow, kept, heard)
    await _await_edge(uow, heard)


async def turn_provision(uow: UnitOfWork, id: str) -> None:
    """The provision has come into force or lapsed: what it bears on has been asked about again."""
    kept = await store.find_provision(uow.db, id)
    if kept is not None:
        await reanswer(uow, has_any_of(set(kept.law.measures)))
        await note_lapse(uow, kept)
        await _await_edge(uow, kept)


async def _await_edge(uow: UnitOfWork, kept: domain.Provision) -> None:
    due_at = domain.next_edge(kept.law, uow.now)
    key = f"provision/{kept.id}"
    if due_at is None:
        await uow.unschedule(key)
        return
    payload = {"provision": kept.id}
    await uow.schedule(key, due_at=due_at, command=PROVISION_TURNS, payload=payload)
