"""Commands on the inventory."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.commands import target
from services.guarantee.commands.allocation import solve_soon
from services.guarantee.domain import resource, rule
from services.guarantee.domain.resource import Readiness, Resource, ResourceKind
from vocabulary import Place

TELL = "resource.tell"
TOLD_AT_ONCE = 500  # messages in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceForm:
    """A resource as its keeper states it; jurisdiction and is_whole None are worked out."""

    name_zh: str
    name_en: str
    kind: ResourceKind
    capabilities: tuple[str, ...]
    quantity: float
    unit: str
    owner: str
    is_whole: bool | None
    jurisdiction: str | None
    place: Place | None
    place_given: str | None
    readiness: Readiness
    readiness_reason: str | None
    qualification_expires_at: datetime | None
    tier: str | None


async def put_resource(
    uow: UnitOfWork, id: str, form: ResourceForm, *, expected_version: int | None
) -> Resource:
    """Have the resource as stated, tell it, and let waiting needs be solved with it; the same again changes nothing.

    One of quantity 1 is one thing, any other a stock, unless the form says. Raises
    PlaceOutsideJurisdiction, OwnerUnknown, TierUnknown and VersionConflict.
    """
    for ledger in await store.wanting_ledgers(uow.db):
        await solve_soon(uow, ledger=ledger)
    known = await store.find_resource(uow.db, id)
    wanted = await _as_stated(uow, id, form, version=0 if known is None else known.version)
    for one in dict.fromkeys((target.of_resource(known or wanted), target.of_resource(wanted))):
        uow.authorize("put_resource", one)
    if wanted == known:
        return known
    if known is not None:
        documents.expect(known, expected_version or 0)
    return await keep_resource(uow, wanted)


async def keep_resource(uow: UnitOfWork, changed: Resource) -> Resource:
    """Have the resource stored as it is now, and told."""
    stored = await store.put_resource(uow.db, changed)
    await uow.publish(events.resource_state(stored))
    return stored


async def tell_resources(uow: UnitOfWork, *, after: str) -> None:
    """Tell the resources whose ids follow `after`, some now and the others by the next timer.

    Once, for an inventory that was kept before it was told: migration 0007.
    """
    told = await store.resources_after(uow.db, after, limit=TOLD_AT_ONCE)
    for one in told:
        await uow.publish(events.resource_state(one))
    if len(told) == TOLD_AT_ONCE:
        await uow.schedule(TELL, due_at=uow.now, command=TELL, payload={"after": told[-1].id})


async def _as_stated(uow: UnitOfWork, id: str, form: ResourceForm, *, version: int) -> Resource:
    jurisdictions = {one.id: one for one in await store.all_jurisdictions(uow.db)}
    home = resource.home_of(
        form.jurisdiction,
        owner=await store.find_organization(uow.db, form.owner),
        place=form.place,
        jurisdictions=jurisdictions.values(),
    )
    stated = Resource(
        id=id,
        name_zh=form.name_zh,
        name_en=form.name_en,
        kind=form.kind,
        capabilities=form.capabilities,
        quantity=form.quantity,
        unit=form.unit,
        is_whole=form.quantity == 1 if form.is_whole is None else form.is_whole,
        owner=form.owner,
        jurisdiction=home,
        place=form.place,
        place_given=form.place_given,
        readiness=form.readiness,
        readiness_reason=form.readiness_reason,
        qualification_expires_at=form.qualification_expires_at,
        tier=form.tier,
    )
    tiers = rule.in_force(store.tier_rules(), uow.now)
    checked = resource.checked(stated, home=jurisdictions.get(home), tiers=tiers)
    return replace(checked, version=version)
