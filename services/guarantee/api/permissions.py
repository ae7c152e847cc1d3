"""The route of what a viewer may do to what guarantee keeps."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.permissions import Offered, Targets, permissions_batch
from chassis.policy import Target
from services.guarantee.commands import target
from services.guarantee.domain.bulletin import Bulletin
from services.guarantee.domain.dispatch import Dispatch
from services.guarantee.domain.provision import Provision
from services.guarantee.domain.requirement import Requirement
from services.guarantee.domain.resource import Resource
from services.guarantee.domain.rumour import Rumour
from services.guarantee.domain.warning import Warning
from services.guarantee.store import tables

BULLETIN_ACTIONS = (
    "publish_bulletin",
    "reject_bulletin",
    "correct_bulletin",
    "withdraw_bulletin",
)
WARNING_ACTIONS = ("approve_warning", "reject_warning", "update_warning", "cancel_warning")
# A reader who sees what is sealed is cleared for it: the seal refuses him nothing.
REQUIREMENT_TARGET = partial(target.of_requirement, sealed=False)
RUMOUR_TARGET = partial(target.of_rumour, sealed=False)
DISPATCH_TARGET = partial(target.of_dispatch, sealed=False)
DISPATCH_ACTIONS = ("report_dispatch", "report_unable", "release_dispatch", "return_dispatch")


def _targets(table: Table, of: type[Any], target: Callable[[Any], Target]) -> Targets:
    async def found(db: AsyncConnection, ids: Sequence[str]) -> Mapping[str, Target]:
        rows = await documents.find(db, table, of, table.c.id.in_(ids))
        return {one.id: target(one) for one in rows}

    return found


def _offered(
    table: Table, of: type[Any], target: Callable[[Any], Target], *actions: str
) -> Offered:
    return Offered(_targets(table, of, target), actions)


router = permissions_batch(
    {
        "warning": _offered(tables.WARNING, Warning, target.of_warning, *WARNING_ACTIONS),
        "bulletin": _offered(tables.BULLETIN, Bulletin, target.of_bulletin, *BULLETIN_ACTIONS),
        "rumour": _offered(tables.RUMOUR, Rumour, RUMOUR_TARGET, "decide_rumour"),
        "provision": _offered(tables.PROVISION, Provision, target.of_provision, "put_provision"),
        "resource": _offered(tables.RESOURCE, Resource, target.of_resource, "put_resource"),
        "requirement": _offered(
            tables.REQUIREMENT, Requirement, REQUIREMENT_TARGET, "widen_requirement"
        ),
        "dispatch": _offered(tables.DISPATCH, Dispatch, DISPATCH_TARGET, *DISPATCH_ACTIONS),
    }
)
