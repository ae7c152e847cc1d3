"""Reads of accounts."""

from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import paging
from services.org.domain import Account
from services.org.queries import views
from services.org.store import tables


class AccountView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An account that was disabled at some time; without `disabledSince` it stands again."""

    id: str
    version: int
    subject: str
    disabled_since: datetime | None
    changed_by: str
    reason: str


async def accounts(db: AsyncConnection, request: paging.PageRequest) -> paging.Page[AccountView]:
    """Return the accounts that were disabled at some time, by id."""
    table = tables.account
    return await paging.page(
        db,
        views.whole(table),
        request,
        order_by=[table.c.id],
        view=views.decode(Account, account_view),
    )


def account_view(one: Account) -> AccountView:
    """The account as operators see it."""
    return AccountView(
        id=one.id,
        version=one.version,
        subject=one.subject,
        disabled_since=one.disabled_since,
        changed_by=one.changed_by,
        reason=one.reason,
    )
