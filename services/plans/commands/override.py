"""Commands on overrides: asked for, granted, declined, ended, expired; each told."""

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import target

EXPIRE_OVERRIDE = "expire_override"


async def ask_override(
    uow: UnitOfWork, activation_id: str, *, measure: str, minutes: int, by: domain.Signature
) -> domain.Override:
    """The authorities that may let the refused measure pass are asked to.

    Raises `activation-not-found`, and as `domain.ask_override`.
    """
    activation = await store.get_activation(uow.db, activation_id)
    sealed = await store.is_sealed(uow.db, activation.incidents)
    uow.authorize("ask_override", target.of_activation(activation, sealed=sealed))
    await store.lock_plans(uow.db, [activation.plan_id])
    activation = await store.get_activation(uow.db, activation_id)
    standing = await store.open_overrides(uow.db, activation_id)
    override, asked = domain.ask_override(
        domain.OverrideId(uow.new_id("ovr")),
        activation,
        domain.Asking(measure, minutes, by, uow.caller.subject),
        standing=next((one for one in standing if one.measure.code == measure), None),
        rule=domain.override_rule(store.override_rules(), activation.jurisdiction, uow.now),
        organizations=await store.all_organizations(uow.db),
        now=uow.now,
    )
    return await _settle(uow, override, asked)


async def grant_override(
    uow: UnitOfWork,
    id: str,
    *,
    minutes: int | None,
    by: domain.Signature,
    expected_version: int | None,
) -> domain.Override:
    """The measure passes from now on; a timer ends that.

    Raises `override-not-found`, `second-person-required`, `version-conflict`, and as
    `domain.grant_override`.
    """
    override, authority = await _get(uow, id, action="grant_override", expected=expected_version)
    activation = await store.get_activation(uow.db, override.activation_id)
    override, granted = domain.grant_override(
        override, activation, by=by, authority=authority, minutes=minutes, now=uow.now
    )
    override = await _settle(uow, override, granted)
    if override.until is not None:
        await uow.schedule(
            _timer(override),
            due_at=override.until,
            command=EXPIRE_OVERRIDE,
            payload={"override": override.id},
        )
    return override


async def decline_override(
    uow: UnitOfWork, id: str, *, by: domain.Signature, expected_version: int | None
) -> domain.Override:
    """The measure stays refused. Raises `override-not-found`, and as `domain.decline_override`."""
    override, authority = await _get(uow, id, action="decline_override", expected=expected_version)
    override, declined = domain.decline_override(override, by=by, authority=authority, now=uow.now)
    return await _settle(uow, override, declined)


async def end_override(
    uow: UnitOfWork, id: str, *, by: domain.Signature, expected_version: int | None
) -> domain.Override:
    """It is over before its time, or taken back. Raises as `domain.end_override`, `reason-required`."""
    override, _ = await _get(uow, id, action="end_override", expected=expected_version)
    domain.check_reason(by)
    return await _end(uow, override, f"{by.by}: {by.reason}")


async def expire_override(uow: UnitOfWork, id: str) -> None:
    """The measure is refused again, if its time is over; doing it twice changes nothing."""
    override, expired = domain.expire_override(await store.get_override(uow.db, id), uow.now)
    if expired is not None:
        await _settle(uow, override, expired)


async def follow_activation(uow: UnitOfWork, activation: domain.Activation) -> None:
    """Overrides that the activation has left without a measure to pass are over."""
    for one in await store.open_overrides(uow.db, activation.id):
        why = domain.outlived(one, activation)
        if why is not None:
            await _end(uow, one, why)


async def _get(
    uow: UnitOfWork, id: str, *, action: str, expected: int | None
) -> tuple[domain.Override, str]:
    """The override, locked, that the caller may do this to, and in whose name."""
    override = await store.get_override(uow.db, id)
    sealed = await store.is_sealed(uow.db, override.incidents)
    decision = uow.authorize(action, target.of_override(override, sealed=sealed))
    await documents.current(uow.db, store.override, override, expected)
    grant = decision.grant
    return override, (grant.organization if grant else None) or ""


async def _end(uow: UnitOfWork, override: domain.Override, why: str) -> domain.Override:
    override, ended = domain.end_override(override, why, uow.now)
    await uow.unschedule(_timer(override))
    return await _settle(uow, override, ended)


async def _settle(
    uow: UnitOfWork, override: domain.Override, event: domain.OverrideEvent
) -> domain.Override:
    stored = await store.put_override(uow.db, override)
    await uow.publish(events.override_message(event))
    return stored


def _timer(override: domain.Override) -> str:
    return f"override/{override.id}"
