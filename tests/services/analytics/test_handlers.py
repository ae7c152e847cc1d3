"""What analytics hears of others: copies take the newest, once, in whatever order."""

import msgspec
import pytest

from chassis.errors import Quarantine
from contracts.org import v1 as org
from services.analytics import store
from tests.services.analytics.test_indicators import plan

RING = '{"type":"Polygon","coordinates":[[[113,34],[%s,34],[%s,35],[113,35],[113,34]]]}'


def jurisdiction(east):
    return org.JurisdictionState(
        jurisdiction=org.Jurisdiction(
            code="410103", name_zh="二七区", name_en="Erqi", boundary_geojson=RING % (east, east)
        )
    )


async def boundaries(service):
    found = await service.read(store.jurisdictions_with_boundary)
    return [one.boundary_geojson for one in found]


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (1, 2, 1, 2), (2, 2, 1)])
async def test_the_newest_state_of_a_jurisdiction_is_kept_in_whatever_order(analytics, order):
    made = {
        version: analytics.event(
            jurisdiction(113 + version), service="org", aggregate="jurisdiction", event="state",
            id="410103", area="410103", version=version, state=True,
        )
        for version in (1, 2)
    }  # fmt: skip

    for version in order:
        await analytics.deliver(made[version])

    assert await boundaries(analytics) == [RING % (115, 115)]


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (1, 2, 1, 2), (2, 2, 1)])
async def test_the_newest_state_of_a_plan_is_watched_in_whatever_order(analytics, order):
    made = {
        version: analytics.event(
            plan(("rain_3h_mm", 10.0 * version), version=str(version)), service="plans",
            aggregate="plan", event="state", id="flood-410100", area="410100", version=version,
            state=True,
        )
        for version in (1, 2)
    }  # fmt: skip

    for version in order:
        await analytics.deliver(made[version])

    watched = await analytics.read(store.watched_thresholds, indicators=["rain_3h_mm"])
    assert [one.value for one in watched] == [20.0]


async def test_a_threshold_that_cannot_be_read_holds_its_plan_visibly(analytics):
    state = plan(("rain_3h_mm", 10.0))
    limit = msgspec.structs.replace(state.plan.thresholds[0], comparison="~")
    wrong = msgspec.structs.replace(
        state, plan=msgspec.structs.replace(state.plan, thresholds=(limit,))
    )

    with pytest.raises(Quarantine, match="rain_3h_mm"):
        await analytics.deliver(
            wrong, service="plans", aggregate="plan", event="state", id="flood-410100",
            area="410100", state=True,
        )  # fmt: skip
