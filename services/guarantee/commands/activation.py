"""What activations mean for support: their needs are required while they are in force."""

from collections.abc import Sequence

from chassis.unit_of_work import UnitOfWork
from services.guarantee import store
from services.guarantee.commands.requirement import adjust_requirements
from services.guarantee.domain import activation
from services.guarantee.domain.activation import Activation, Need


async def learn_of_activation(uow: UnitOfWork, news: Activation) -> None:
    """Keep what plans told, without touching what is required."""
    known = await store.find_activation(uow.db, news.id)
    await store.put_activation(uow.db, activation.learn(known, news))


async def require_for_activation(uow: UnitOfWork, news: Activation, needs: Sequence[Need]) -> None:
    """Keep what plans told and have exactly these needs required; older news changes no need."""
    known = await store.find_activation(uow.db, news.id)
    stored = await store.put_activation(uow.db, activation.learn(known, news))
    if known is None or news.heard > known.heard:
        await adjust_requirements(uow, stored, needs)
