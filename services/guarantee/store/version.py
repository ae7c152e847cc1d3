"""The version that a caller has seen, asked for once it is known that the caller may see it."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.dispatch import Dispatch
from services.guarantee.domain.requirement import Requirement
from services.guarantee.domain.signal import Signal
from services.guarantee.domain.warning import Warning
from services.guarantee.store.tables import DISPATCH, REQUIREMENT, SIGNAL, WARNING

_TABLES = {Dispatch: DISPATCH, Requirement: REQUIREMENT, Signal: SIGNAL, Warning: WARNING}


async def require_current(
    db: AsyncConnection,
    aggregate: Dispatch | Requirement | Signal | Warning,
    expected_version: int,
) -> None:
    """Pass when the locked aggregate is at the version. Raises VersionConflict."""
    await documents.current(db, _TABLES[type(aggregate)], aggregate, expected_version)
