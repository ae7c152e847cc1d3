"""Commands on delegations: give and take back; every service hears of both."""

from chassis import documents, policy
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import target

TAKEN_BACK_WITH = "What it was given under was taken back."


async def give_grant(uow: UnitOfWork, wanted: domain.Grant) -> domain.Grant:
    """Have the subject hold what the caller gives, everywhere, while its dates last.

    Raises GrantToOneself, GrantDatesInvalid, GrantWiderThanOwn, NotPermitted.
    """
    held = [await _held(uow, one) for one in uow.caller.grants if one.is_live(uow.now)]
    given, stated = domain.give_grant(
        wanted, held=held, rules_apply_to=uow.caller.subject, now=uow.now
    )
    uow.authorize("give_grant", target.of_grant(given, is_new=True))
    return await _settle(uow, given, stated)


async def revoke_grant(
    uow: UnitOfWork, grant_id: str, *, because: str, expected_version: int | None = None
) -> domain.Grant:
    """Have the delegation, and every one that came through it, give nothing from now on.

    Raises NotFound, VersionConflict, GrantRevokedAlready.
    """
    grant = await store.get_grant(uow.db, grant_id)
    by = uow.caller.subject
    uow.authorize("revoke_grant", target.of_grant(grant))
    await documents.current(uow.db, store.tables.grant, grant, expected_version)
    revoked, stated = domain.revoke_grant(grant, by=by, because=because, now=uow.now)
    revoked = await _settle(uow, revoked, stated)
    for later in await store.grants_through(uow.db, grant_id):
        gone, stated = domain.revoke_grant(later, by=by, because=TAKEN_BACK_WITH, now=uow.now)
        await _settle(uow, gone, stated)
    return revoked


async def _held(uow: UnitOfWork, one: policy.Grant) -> domain.Held:
    """What the caller holds by their token or by a delegation, with how that came to them."""
    scope = domain.Scope(
        role=one.role,
        organization=one.organization,
        area=one.area,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
    )
    # locked: whoever takes it back in this moment takes back what is given under it as well
    grant = await store.find_grant(uow.db, one.id)
    if grant is None:
        return domain.Held(scope=scope)
    return domain.Held(scope=scope, id=grant.id, chain=grant.chain)


async def _settle(uow: UnitOfWork, grant: domain.Grant, stated: domain.GrantStated) -> domain.Grant:
    stored = await store.put_grant(uow.db, grant)
    await policy.put_grant(
        uow.db,
        policy.Grant(
            role=stored.role,
            area=stored.area,
            organization=stored.organization,
            id=stored.id,
            granted_by=stored.granted_by,
            valid_from=stored.valid_from,
            valid_to=stored.valid_to,
        ),
        subject=stored.subject,
        version=stored.version,
        revoked_at=stored.revoked_at,
    )
    await uow.publish(events.to_message(stated))
    return stored
