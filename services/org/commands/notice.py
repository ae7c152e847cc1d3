"""Handing notices to channels: behind one adapter, each message kept word for word."""

from typing import Protocol

from chassis.unit_of_work import UnitOfWork
from services.org import domain, store


class Channel(Protocol):
    """What reaches a post: takes a message and says what is known of its delivery."""

    async def send(self, uow: UnitOfWork, message: domain.Outgoing) -> domain.Delivery:
        """Hand the message over within the unit of work and return what became of it."""


class RecordingChannel:
    """Delivers by recording: the stored message is the delivery. Used until a city names its gateways."""

    async def send(self, uow: UnitOfWork, message: domain.Outgoing) -> domain.Delivery:
        """Return that the message arrived; `hand_over` stores it."""
        return domain.Delivery(delivered_at=uow.now)


RECORDING: Channel = RecordingChannel()


async def hand_over(
    uow: UnitOfWork, message: domain.Outgoing, *, through: Channel
) -> domain.Delivery:
    """Send the message and keep it with what became of it."""
    delivery = await through.send(uow, message)
    await store.record_sent(uow.db, message, delivery, sent_at=uow.now)
    return delivery
