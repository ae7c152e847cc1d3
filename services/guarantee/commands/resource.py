"""Commands on the inventory."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.guarantee import store
from services.guarantee.commands import target
from services.guarantee.commands.allocation import solve_soon
from services.guarantee.domain import resource, rule
from services.guarantee.domain.resource import Readiness, Resource, ResourceKind
from vocabulary import Mode, Place


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
    """Have the resource as stated and let waiting needs be solved with it; the same again changes nothing.

    One of quantity 1 is one thing, any other a stock, unless the form says. Raises
    PlaceOutsideJurisdiction, OwnerUnknown, TierUnknown and VersionConflict.
    """
    for mode in sorted(Mode):
        await solve_soon(uow, mode=mode)
    known = await store.find_resource(uow.db, id)
    wanted = await _as_stated(uow, id, form, version=0 if known is None else known.version)
    for one in dict.fromkeys((target.of_resource(known or wanted), target.of_resource(wanted))):
        uow.authorize("put_resource", one)
    if wanted == known:
        return known
    if known is not None:
        documents.expect(known, expected_version or 0)
    return await store.put_resource(uow.db, wanted)


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
