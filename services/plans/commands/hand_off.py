"""Hand-offs of exercises: what org says of obligations in them."""

from collections.abc import Sequence
from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store


async def keep_hand_offs(uow: UnitOfWork, heard: Sequence[domain.HandOff]) -> None:
    """Each is as org last said it: the last of what was heard counts."""
    newest = {one.id: one for one in heard}
    kept = await store.find_hand_offs(uow.db, newest)
    for id in sorted(newest):
        present = kept.get(id)
        one = replace(newest[id], version=present.version if present else 0)
        await store.put_hand_off(uow.db, one)
