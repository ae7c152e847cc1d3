"""Commands on dispatches: what crews and commanders report."""

from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import target
from services.guarantee.commands.allocation import solve_soon
from services.guarantee.commands.resource import keep_resource
from services.guarantee.domain import dispatch, requirement
from services.guarantee.domain import resource as inventory
from services.guarantee.domain.dispatch import Dispatch, DispatchStatus
from services.guarantee.domain.requirement import Requirement, RequirementStatus
from vocabulary import Mode


async def report_dispatch(
    uow: UnitOfWork, id: str, status: DispatchStatus, *, expected_version: int
) -> Dispatch:
    """Have the dispatch acknowledged, en route or on scene. Raises DispatchStatusRefused."""
    current, _ = await _load(uow, "report_dispatch", id, expected_version)
    moved = dispatch.report(current, status, at=uow.now, by=uow.caller.subject)
    return await _keep(uow, moved)


async def report_unable(
    uow: UnitOfWork, id: str, *, expected_version: int, reason: str
) -> Dispatch:
    """Free the resource, have its need solved again without it, and its keeper look at it.

    In an exercise the inventory stays as it is. Raises DispatchStatusRefused.
    """
    current, need = await _load_and_solve(uow, "report_unable", id, expected_version)
    unable = dispatch.report(
        current, DispatchStatus.UNABLE, at=uow.now, by=uow.caller.subject, reason=reason
    )
    stored = await _keep(uow, unable)
    if stored.is_whole and stored.mode is Mode.REAL:
        await _take_out_of_service(uow, stored.resource_id, reason)
    if need.status is not RequirementStatus.CANCELLED:
        without = requirement.exclude(need, stored.resource_id)
        left = requirement.served(without, need.met_quantity - stored.quantity)
        await store.put_requirement(uow.db, left)
    return stored


async def release_dispatch(
    uow: UnitOfWork, id: str, *, expected_version: int, reason: str
) -> Dispatch:
    """Let the resource go; one called off before it moved leaves its need open, to be solved again.

    Raises DispatchStatusRefused.
    """
    current, need = await _load_and_solve(uow, "release_dispatch", id, expected_version)
    gone = dispatch.release(current, at=uow.now, by=uow.caller.subject, reason=reason)
    stored = await _keep(uow, gone)
    is_open = need.status is not RequirementStatus.CANCELLED
    if stored.status is DispatchStatus.CANCELLED and is_open:
        without = requirement.exclude(need, stored.resource_id)
        left = requirement.served(without, need.met_quantity - stored.quantity)
        await store.put_requirement(uow.db, left)
    return stored


async def return_dispatch(
    uow: UnitOfWork, id: str, *, expected_version: int, quantity: float | None
) -> Dispatch:
    """Have the resource back; what a stock lacks then has been used up.

    Raises DispatchStatusRefused and ReturnedQuantityImpossible.
    """
    current, _ = await _load_and_solve(uow, "return_dispatch", id, expected_version)
    back = dispatch.bring_back(current, quantity=quantity, at=uow.now, by=uow.caller.subject)
    stored = await _keep(uow, back)
    used = stored.quantity - (stored.returned_quantity or 0.0)
    if used > 0 and not stored.is_whole and stored.mode is Mode.REAL:
        await _use_up(uow, stored.resource_id, used)
    return stored


async def _load_and_solve(
    uow: UnitOfWork, action: str, id: str, expected_version: int
) -> tuple[Dispatch, Requirement]:
    """Return what `_load` returns, and have what the report frees or leaves open solved again."""
    seen = await store.see_requirement(uow.db, await store.requirement_of(uow.db, id))
    await solve_soon(uow, seen.pool, ledger=seen.ledger)
    return await _load(uow, action, id, expected_version)


async def _load(
    uow: UnitOfWork, action: str, id: str, expected_version: int
) -> tuple[Dispatch, Requirement]:
    """Return the dispatch, which the caller may do this to, and its requirement.

    They are locked in the order that everybody keeps.
    """
    need = await store.get_requirement(uow.db, await store.requirement_of(uow.db, id))
    current = await store.get_dispatch(uow.db, id)
    sealed = await store.is_sealed(uow.db, current.incident_id)
    uow.authorize(action, target.of_dispatch(current, sealed=sealed))
    await store.require_current(uow.db, current, expected_version)
    return current, need


async def _keep(uow: UnitOfWork, moved: Dispatch) -> Dispatch:
    if not moved.holds_resource:
        await store.end_booking(uow.db, moved.id, uow.now)
    stored = await store.put_dispatch(uow.db, moved)
    await uow.publish(events.dispatch_told(stored))
    return stored


async def _take_out_of_service(uow: UnitOfWork, resource_id: str, reason: str) -> None:
    resource = await store.find_resource(uow.db, resource_id)
    if resource is not None:
        await keep_resource(uow, inventory.out_of_service(resource, reason))


async def _use_up(uow: UnitOfWork, resource_id: str, used: float) -> None:
    resource = await store.find_resource(uow.db, resource_id)
    if resource is not None:
        await keep_resource(uow, inventory.used_up(resource, used))
