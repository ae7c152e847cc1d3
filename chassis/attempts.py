"""Our own count of attempts at a message: the broker's also counts what never reached a handler."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from chassis.delivery import Delivery
from chassis.listener import Listener
from chassis.tables.messaging import ATTEMPT


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a message has been tried, this time included, and what went wrong last."""

    number: int
    last_error: str | None


async def begin(listener: Listener, message: Delivery) -> Attempts:
    """Count an attempt before it is made, so that one that kills the process counts too."""
    statement = (
        insert(ATTEMPT)
        .values(**_key(listener, message), attempts=1)
        .on_conflict_do_update(
            index_elements=["consumer", "stream", "stream_seq"],
            set_={"attempts": ATTEMPT.c.attempts + 1},
        )
        .returning(ATTEMPT.c.attempts, ATTEMPT.c.last_error)
    )
    async with listener.runtime.engine.begin() as db:
        row = (await db.execute(statement)).one()
    return Attempts(row.attempts, row.last_error)


async def note(listener: Listener, message: Delivery, error: Exception) -> int:
    """Keep what went wrong; return how often the message has been tried."""
    last_error = describe(error)
    statement = (
        insert(ATTEMPT)
        .values(**_key(listener, message), attempts=1, last_error=last_error)
        .on_conflict_do_update(
            index_elements=["consumer", "stream", "stream_seq"], set_={"last_error": last_error}
        )
        .returning(ATTEMPT.c.attempts)
    )
    async with listener.runtime.engine.begin() as db:
        return int((await db.execute(statement)).scalar_one())


async def forget(listener: Listener, message: Delivery) -> None:
    """Count no longer: the message has been settled."""
    key = _key(listener, message)
    async with listener.runtime.engine.begin() as db:
        await db.execute(delete(ATTEMPT).where(*(ATTEMPT.c[name] == key[name] for name in key)))


def describe(error: BaseException) -> str:
    """Return the error's type and message, bounded."""
    return f"{type(error).__name__}: {error}"[:2000]


def _key(listener: Listener, message: Delivery) -> dict[str, object]:
    return {
        "consumer": listener.name,
        "stream": message.stream,
        "stream_seq": message.stream_seq,
    }
