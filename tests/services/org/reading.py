"""What tests look at: obligations, orders and tasks as they are stored."""

from chassis import documents
from services.org import domain
from services.org.store import tables
from tests.harness import Harness


async def obligations(org: Harness, *kinds: str) -> list[domain.Obligation]:
    """Obligations of these kinds (of all, when none is named), in the order of their making."""
    found = await org.read(documents.find, tables.obligation, domain.Obligation)
    return [one for one in found if not kinds or one.kind in kinds]


async def obligation(org: Harness, kind: str) -> domain.Obligation:
    """The one obligation of that kind."""
    (found,) = await obligations(org, kind)
    return found


async def orders(org: Harness) -> list[domain.Order]:
    """Orders, in the order of their making."""
    return await org.read(documents.find, tables.order, domain.Order)


async def tasks(org: Harness) -> list[domain.Task]:
    """Tasks, in the order of their making."""
    return await org.read(documents.find, tables.task, domain.Task)


def told(obligation: domain.Obligation) -> list[str]:
    """The posts that were told, in order."""
    return [notice.post for notice in obligation.notices if notice.failure is None]
