"""Whether an event may be told to a caller: as the owner of what it changed would list it."""

from gateway.context import Context
from gateway.errors import GatewayError, ServiceUnavailable
from gateway.joins import ROOTS
from gateway.live.positions import Heard
from vocabulary import is_within

# Aggregates of the feeds → the type that a change of one is a change of.
CHANGES = {
    "signal": "Signal",
    "warning": "Warning",
    "activation": "Activation",
    "override": "Override",
    "obligation": "Obligation",
    "order": "Order",
    "task": "Task",
    "incident": "Incident",
    "dispatch": "Dispatch",
    "requirement": "Requirement",
    "exercise": "Exercise",
}
# That a level came into force, changed or ended is announced; what led to it is not.
_ANNOUNCED = {"activation": frozenset({"started", "raised", "lowered", "ended"})}
_OPEN = frozenset({"signal", "exercise"})  # every viewer may list them


async def may_be_told(context: Context, heard: Heard) -> bool:
    """Ask the owner with the caller's token; no copy is asked, for it knows no seals.

    What lies in no list of its own is seen with its incident. While the owner is away, who holds
    the area is told that something changed in it; what it was cannot be read then either.
    """
    if heard.kind in _OPEN or heard.envelope.event in _ANNOUNCED.get(heard.kind, ()):
        return True
    type_name, key = CHANGES.get(heard.kind), heard.envelope.id
    if type_name is None:
        type_name, key = "Incident", str(heard.summary.get("incidentId") or "")
    join = ROOTS[type_name]
    context.renew()
    try:
        found = await context.loaders.load(join.service, join.batch, key=key, fields=("id",))
    except ServiceUnavailable:
        return _holds(context, heard.envelope.area)
    except GatewayError:
        return False  # refused: the account is disabled, or its role was taken
    return found is not None


def _holds(context: Context, area: str | None) -> bool:
    try:
        return bool(area) and any(is_within(area or "", own) for own in context.caller.areas)
    except ValueError:
        return False
