"""A rehearsal's gateway leads to every path of the services; a production one to the routed ones."""

from dataclasses import replace

import pytest

from chassis.settings import Deployment
from tests.gateway.conftest import rigged


async def test_a_rehearsals_gateway_leads_to_every_path_of_the_interfaces(settings, officer):
    rehearsal = replace(settings, deployment=Deployment.REHEARSAL)
    async with rigged(rehearsal, officer) as rig:
        rig.org.reads["/v1/rehearsal/progress"] = {"unsent": 0}
        token = {"Authorization": f"Bearer {rig.token}"}

        routed = await rig.client.get("/org/v1/rehearsal/progress?first=1", headers=token)
        beside = await rig.client.get("/org/readyz")

    assert routed.json() == {"unsent": 0}
    assert beside.status_code == 404
    (asked,) = rig.org.asked
    assert asked.query == {"first": "1"}
    assert asked.headers["Authorization"] == token["Authorization"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/org/v1/operator/outbox"),
        ("PUT", "/org/v1/rehearsal/clock"),
        ("POST", "/org/v1/reports"),
    ],
)
async def test_in_production_it_does_not(rig, method, path):
    answer = await rig.client.request(
        method, path, headers={"Authorization": f"Bearer {rig.token}"}
    )

    assert answer.status_code == 404
    assert [one.asked for one in rig.services.values()] == [[], [], [], []]


async def test_a_service_that_is_away_is_said_with_when_to_ask_again(settings, officer):
    async with rigged(replace(settings, deployment=Deployment.REHEARSAL), officer) as rig:
        await rig.org.stop()
        answer = await rig.client.post("/org/v1/reports", json={})

    assert (answer.status_code, answer.json()["slug"]) == (503, "service-unavailable")
    assert "Retry-After" in answer.headers
    assert "127.0.0.1" not in answer.text
