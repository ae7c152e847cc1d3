"""Commands on accounts: disabled ones are refused in every service, within a minute."""

from chassis import policy
from chassis.policy import Target
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store


async def disable_account(uow: UnitOfWork, subject: str, *, because: str) -> domain.Account:
    """Have every token of the subject refused. Raises OwnAccount, AccountDisabledAlready."""
    if uow.policy is not None:  # the rules of the domain hold in any case
        uow.authorize("disable_account", _target(subject))
    present = await store.find_account(uow.db, subject)
    account, stated = domain.disable_account(
        present, subject, by=uow.caller.subject, because=because, now=uow.now
    )
    return await _settle(uow, account, stated)


async def enable_account(uow: UnitOfWork, subject: str, *, because: str) -> domain.Account:
    """Have tokens of the subject accepted again. Raises OwnAccount, AccountNotDisabled."""
    if uow.policy is not None:  # the rules of the domain hold in any case
        uow.authorize("enable_account", _target(subject))
    present = await store.find_account(uow.db, subject)
    account, stated = domain.enable_account(
        present, subject, by=uow.caller.subject, because=because
    )
    return await _settle(uow, account, stated)


async def _settle(
    uow: UnitOfWork, account: domain.Account, stated: domain.AccountStated
) -> domain.Account:
    stored = await store.put_account(uow.db, account)
    await policy.put_account(
        uow.db, stored.subject, version=stored.version, disabled_at=stored.disabled_since
    )
    await uow.publish(events.to_message(stated))
    return stored


def _target(subject: str) -> Target:
    # an account lies nowhere: its subject may hold roles in any area
    return Target(kind="account", id=domain.account_id(subject), area=domain.NATION, new=True)
