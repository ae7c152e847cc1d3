"""The outbox: what a service says, in the transaction in which it became true."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chassis.messages import Message
    from chassis.unit_of_work import UnitOfWork


async def append(uow: UnitOfWork, message: Message) -> None:
    """Record `message` to be said when `uow` commits."""
    raise NotImplementedError
