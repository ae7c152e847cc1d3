"""Reads of the responses to signals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Signal
from services.org.queries.obligation import ObligationView, obligations_by_subject
from services.org.store import tables


class SignalResponseView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Which response followed a signal, when, by whom; `answer` is null while none did."""

    id: str
    version: int
    answer: str | None
    answered_at: datetime | None
    decided_by: str | None
    reason: str | None
    level: str | None
    activation_id: str | None
    proposals: tuple[str, ...]
    owed_by: str | None
    obligations: tuple[ObligationView, ...]


async def signal_response(db: AsyncConnection, signal_id: str) -> SignalResponseView:
    """Return the response to the signal. Raises NotFound."""
    signal = await documents.load(db, tables.signal, signal_id, Signal)
    owed = await obligations_by_subject(db, [signal_id], fields=None, args={})
    return _view(signal, owed[signal_id])


async def signal_responses(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, SignalResponseView]:
    """Return the responses to these signals."""
    found = await documents.find(db, tables.signal, Signal, tables.signal.c.id.in_(keys))
    owed = await obligations_by_subject(db, keys, fields=None, args={})
    return {one.id: _view(one, owed[one.id]) for one in found}


def _view(signal: Signal, owed: Sequence[ObligationView]) -> SignalResponseView:
    answer = signal.answer
    return SignalResponseView(
        id=signal.id,
        version=signal.version,
        answer=answer.kind.value if answer else None,
        answered_at=answer.at if answer else None,
        decided_by=answer.decided_by if answer else None,
        reason=answer.reason if answer else None,
        level=answer.level.value if answer and answer.level else None,
        activation_id=answer.activation_id if answer else None,
        proposals=signal.proposals,
        owed_by=signal.owed_by,
        obligations=tuple(owed),
    )
