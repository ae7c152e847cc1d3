"""Commands on requirements: adjusted to their activation, let go, climbing the mobilisation tiers."""

from collections.abc import Iterable, Sequence

from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import target
from services.guarantee.commands.allocation import solve_soon
from services.guarantee.domain import dispatch, requirement, rule
from services.guarantee.domain.activation import Activation, Need
from services.guarantee.domain.dispatch import Dispatch
from services.guarantee.domain.requirement import Requirement, RequirementStatus


async def adjust_requirements(
    uow: UnitOfWork, activation: Activation, needs: Sequence[Need]
) -> None:
    """Have exactly the needs of the activation required; let go of what they no longer ask for."""
    await solve_soon(uow, requirement.pool_of(activation.jurisdiction), ledger=activation.ledger)
    tiers = rule.in_force(store.tier_rules(), uow.now)
    adjusted = requirement.adjust(
        await store.requirements_of(uow.db, activation.id),
        needs,
        activation=activation,
        tier=tiers.tiers[0].code,
        now=uow.now,
    )
    for raised in adjusted.raised:
        await _tell(uow, await store.put_requirement(uow.db, raised))
    for changed in adjusted.changed:
        await _restate(uow, changed)
    for cancelled in adjusted.cancelled:
        await _drop(uow, cancelled)


async def widen_requirement(uow: UnitOfWork, id: str, *, expected_version: int) -> Requirement:
    """Let a shortage reach one mobilisation tier further, and solve it again.

    Raises RequirementNotShort and NoFurtherTier.
    """
    seen = await store.see_requirement(uow.db, id)
    await solve_soon(uow, seen.pool, ledger=seen.ledger)
    current = await store.get_requirement(uow.db, id)
    sealed = await store.is_sealed(uow.db, current.incident_id)
    uow.authorize("widen_requirement", target.of_requirement(current, sealed=sealed))
    await store.require_current(uow.db, current, expected_version)
    tiers = rule.in_force(store.tier_rules(), uow.now)
    return await store.put_requirement(uow.db, requirement.widen(current, tiers))


async def let_go(uow: UnitOfWork, dispatches: Iterable[Dispatch], *, reason: str) -> list[Dispatch]:
    """Release or call off the dispatches and free what they held; return them as they are now."""
    stored = []
    for one in dispatches:
        gone = dispatch.release(one, at=uow.now, by=uow.caller.subject, reason=reason)
        if not gone.holds_resource:
            await store.end_booking(uow.db, gone.id, uow.now)
        stored.append(await store.put_dispatch(uow.db, gone))
        await uow.publish(events.dispatch_told(stored[-1]))
    return stored


async def _restate(uow: UnitOfWork, changed: Requirement) -> None:
    """Keep another quantity: surplus is let go, what was let go before it moved counts no more."""
    dispatches = (await store.dispatches_of(uow.db, [changed.id]))[changed.id]
    needed = changed.quantity if changed.quantity is not None else dispatch.met_by(dispatches)
    surplus = dispatch.surplus(dispatches, needed)
    gone = {one.id: one for one in await let_go(uow, surplus, reason="less is needed")}
    present = [gone.get(one.id, one) for one in dispatches]
    served = requirement.served(changed, dispatch.met_by(present))
    stored = await store.put_requirement(uow.db, served)
    await _tell(uow, stored)
    if stored.status is RequirementStatus.MET:
        await uow.publish(events.requirement_met(stored))


async def _drop(uow: UnitOfWork, cancelled: Requirement) -> None:
    dispatches = (await store.dispatches_of(uow.db, [cancelled.id]))[cancelled.id]
    await let_go(
        uow, (one for one in dispatches if one.is_underway), reason="the requirement ended"
    )
    stored = await store.put_requirement(uow.db, cancelled)
    await uow.publish(events.requirement_cancelled(stored))


async def _tell(uow: UnitOfWork, stored: Requirement) -> None:
    await uow.publish(events.requirement_raised(stored))
    if stored.status is RequirementStatus.UNKNOWN:
        await uow.publish(events.requirement_unmet(stored))
