"""Commands on accounts: disabled ones are refused in every service, within a minute."""

from chassis import policy
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import target


async def disable_account(uow: UnitOfWork, subject: str, *, because: str) -> domain.Account:
    """Have every token of the subject refused. Raises OwnAccount, AccountDisabledAlready."""
    uow.authorize("disable_account", target.of_account(subject))
    present = await store.find_account(uow.db, subject)
    account, stated = domain.disable_account(
        present, subject, by=uow.caller.subject, because=because, now=uow.now
    )
    return await _settle(uow, account, stated)


async def enable_account(uow: UnitOfWork, subject: str, *, because: str) -> domain.Account:
    """Have tokens of the subject accepted again. Raises OwnAccount, AccountNotDisabled."""
    uow.authorize("enable_account", target.of_account(subject))
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
