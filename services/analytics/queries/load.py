"""The ledger of the way into the warehouse, as an operator sees it."""

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from services.analytics import domain, store


class LedgerView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Rows of one kind: accepted = loaded + staged, and `missing` = loaded - inWarehouse is 0.

    `missing` below zero would be rows that arrived twice.
    """

    kind: domain.Kind
    accepted: int
    loaded: int
    staged: int
    in_warehouse: int
    missing: int


async def ledger(db: AsyncConnection, warehouse: store.Warehouse) -> list[LedgerView]:
    """By kind what was accepted, what is on its way, and what the warehouse really holds."""
    return [
        await _view(counted, await warehouse.count(counted.kind))
        for counted in await store.ledger(db)
    ]


async def _view(counted: domain.Ledger, in_warehouse: int) -> LedgerView:
    return LedgerView(
        kind=counted.kind,
        accepted=counted.accepted,
        loaded=counted.loaded,
        staged=counted.staged,
        in_warehouse=in_warehouse,
        missing=counted.loaded - in_warehouse,
    )
