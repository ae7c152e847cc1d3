"""Everything that any service says, for the log."""

from collections.abc import Sequence

import msgspec

from chassis.messages import Incoming
from chassis.unit_of_work import UnitOfWork
from services.analytics import commands, domain


async def on_events(uow: UnitOfWork, events: Sequence[Incoming[msgspec.Raw]]) -> None:
    """The events stand in the log and in the situation picture."""
    heard_at = uow.clock.wall()
    logged = [
        domain.LoggedEvent(
            event_id=event.event_id,
            service=event.service,
            aggregate=event.aggregate,
            event=event.event,
            major=_major(event.type),
            id=event.id,
            area=event.area,
            mode=event.mode,
            version=event.version,
            time=event.time,
            heard_at=heard_at,
            correlation_id=event.correlation_id,
            causation_id=event.causation_id,
            payload=bytes(event.body),
        )
        for event in events
    ]
    await commands.log_events(uow, logged)


def _major(event_type: str) -> int:
    """The major at the end of a type such as uem.org.incident.declared.v1."""
    return int(event_type.rpartition(".v")[2])
