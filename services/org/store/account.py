"""Accounts that were disabled at some time, as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Account, account_id
from services.org.store import tables


async def find_account(db: AsyncConnection, subject: str) -> Account | None:
    """Return the account, its row locked, or None for one that was never disabled."""
    table = tables.account
    found = await documents.find(db, table, Account, table.c.id == account_id(subject), lock=True)
    return found[0] if found else None


async def put_account(db: AsyncConnection, account: Account) -> Account:
    """Store the account."""
    return await documents.save(db, tables.account, account)
