"""What this service keeps of dispatches and needs: who is out, and what is missing."""

import dataclasses
from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.org import domain, store
from services.org.commands import log_entry
from vocabulary import Mode


async def hear_dispatch(uow: UnitOfWork, said: domain.Dispatch) -> None:
    """Keep the last that was heard of the dispatch."""
    present = await store.find_dispatch(uow.db, said.id)
    version = present.version if present else 0
    await store.put_dispatch(uow.db, dataclasses.replace(said, version=version))


async def hear_unmet(
    uow: UnitOfWork,
    text: tuple[str, str],
    *,
    at: datetime,
    jurisdiction: str,
    mode: Mode,
    incident_id: str | None,
    exercise_id: str | None,
) -> None:
    """Write in the log that a need is not met, with what is missing."""
    await log_entry.note(
        uow,
        text,
        at=at,
        jurisdiction=jurisdiction,
        mode=mode,
        incident_id=incident_id,
        exercise_id=exercise_id,
    )
