"""The inventory is told whole: whenever it changes, and once for what was kept before it was told."""

import importlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.guarantee import store
from services.guarantee.commands import resource as commands
from tests.services.guarantee.messages import PUMPS_OWNER, pump
from tests.services.guarantee.test_booking import resource

MIGRATION = "services.guarantee.migrations.versions.0007_what_is_held_is_told"


async def test_a_resource_is_told_whole_and_the_same_again_is_no_news(guarantee):
    async with guarantee.client(roles=["keeper"], org=PUMPS_OWNER.id) as keeper:
        for _ in range(2):
            await keeper.put("/v1/resources/res_1", json=pump())

    (told,) = await guarantee.published("resource.state")
    assert told.body["resource"] == {
        "id": "res_1",
        "nameZh": "移动泵车",
        "nameEn": "mobile pump",
        "kind": "VEHICLE",
        "capabilities": ["pump.mobile"],
        "quantity": 1.0,
        "unit": "unit",
        "owner": PUMPS_OWNER.id,
        "jurisdiction": "410100",
        "place": {"longitude": 113.5, "latitude": 34.5},
        "readiness": "READY",
    }


@pytest.mark.parametrize("at_once", [2, 500])
async def test_an_inventory_from_before_is_told_once(guarantee, monkeypatch, at_once):
    monkeypatch.setattr(commands, "TOLD_AT_ONCE", at_once)
    kept = [await guarantee.run(_put, f"res_{number}") for number in range(3)]

    await guarantee.run(_migrated)
    for _ in range(2):
        await guarantee.advance(guarantee.clock.now() + timedelta(days=36500))

    told = await guarantee.published("resource.state")
    assert [one.id for one in told] == [one.id for one in kept]


async def test_an_empty_inventory_leaves_nothing_to_tell(guarantee):
    await guarantee.run(_migrated)

    assert await guarantee.advance(guarantee.clock.now() + timedelta(days=36500)) == []


async def _put(uow, id):
    return await store.put_resource(uow.db, replace(resource(1.0), id=id))


async def _migrated(uow):
    await uow.db.execute(text(importlib.import_module(MIGRATION).TELL_ONCE))
