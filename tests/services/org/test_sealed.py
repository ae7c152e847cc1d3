"""A sealed incident and all that belongs to it is there for whoever is cleared, and for nobody else."""

from typing import Any

from tests.harness import START, Harness
from tests.services.org import city, incidents

CITY = "410100"
OFFICER: dict[str, Any] = {"roles": ["duty_officer"], "org": city.OFFICE, "areas": [CITY]}
COMMANDER: dict[str, Any] = OFFICER | {"roles": ["commander"]}
CLEARED: dict[str, Any] = OFFICER | {"roles": ["commander", "sealed_reader"]}


async def test_a_sealed_incident_and_all_that_belongs_to_it_is_there_for_the_cleared_alone(
    org: Harness,
) -> None:
    async with org.client(**OFFICER) as client:
        incident = await incidents.declared(client)
    path = f"/v1/incidents/{incident['id']}"
    because = {"reason": "x", "expectedVersion": incident["version"]}
    async with org.client(**CLEARED) as client:
        sealed = (await client.post(f"{path}/seal", json=because)).json()

    async with org.client(**COMMANDER) as client:
        hidden = await client.get(path)
        stale = await client.post(f"{path}/close", json={"expectedVersion": 0})
        absent = await client.get("/v1/incidents/inc_0")
        lines = (await client.get("/v1/log-entries", params={"incident": incident["id"]})).json()
        asked = {"keys": [f"incident:{incident['id']}", f"jurisdiction:{CITY}"]}
        may = (await client.post("/v1/batch/permissions", json=asked)).json()
        unseal = await client.post(
            f"{path}/unseal", json={"reason": "x", "expectedVersion": sealed["version"]}
        )
    assert {one.status_code for one in (hidden, stale, absent, unseal)} == {404}
    alike = [
        one.json()["detail"].replace(incident["id"], "inc_0") for one in (hidden, stale, absent)
    ]
    assert len(set(alike)) == 1
    assert lines["nodes"] == []
    assert may[asked["keys"][0]] is None
    assert {one["action"]: one["allowed"] for one in may[asked["keys"][1]]} == {
        "declare_incident": True,
        "receive_report": True,
        "sign_log_entry": True,
        "give_grant": True,
        "put_jurisdiction": False,
    }

    async with org.client(**CLEARED) as client:
        lines = (await client.get("/v1/log-entries", params={"incident": incident["id"]})).json()
        may = (await client.post("/v1/batch/permissions", json=asked)).json()
        body = {"reason": "x", "expectedVersion": sealed["version"]}
        shown = await client.post(f"{path}/unseal", json=body)
    assert len(lines["nodes"]) > 1
    assert all(one["allowed"] for one in may[asked["keys"][0]])
    assert shown.status_code == 200
    async with org.client(**COMMANDER) as client:
        assert (await client.get(path)).json()["id"] == incident["id"]
    (sealing,) = await org.published("incident.sealed")
    (unsealing,) = await org.published("incident.unsealed")
    assert (sealing.body["incident"]["id"], sealing.body["incident"]["sealed"]) == (
        incident["id"],
        True,
    )
    assert not unsealing.body["incident"].get("sealed")


async def test_a_sealed_incident_is_no_duplicate_to_whoever_is_not_cleared(org: Harness) -> None:
    async with org.client(**OFFICER) as client:
        first = await incidents.declared(client)
    because = {"reason": "x", "expectedVersion": first["version"]}
    async with org.client(**CLEARED) as client:
        await client.post(f"/v1/incidents/{first['id']}/seal", json=because)
        told = await client.post("/v1/incidents", json=incidents.body())

    async with org.client(**OFFICER) as client:
        declared = await client.post("/v1/incidents", json=incidents.body())

    assert (told.status_code, told.json()["slug"]) == (409, "possible-duplicate")
    assert declared.status_code == 201, declared.text


async def test_who_told_of_a_sealed_incident_is_sealed_with_it(org: Harness) -> None:
    said: dict[str, Any] = {
        "source": "hotline-110",
        "jurisdiction": CITY,
        "text": "smoke",
        "observedAt": START.isoformat(),
        "reporter": {"name": "王小明"},
    }
    async with org.client(**OFFICER) as client:
        report = (await client.post("/v1/reports", json=said)).json()
        incident = await incidents.declared(client, fromReports=[report["id"]])
        asked = {"keys": [f"report:{report['id']}", f"reporter:{report['id']}"]}
        before = (await client.post("/v1/batch/permissions", json=asked)).json()
    because = {"reason": "x", "expectedVersion": incident["version"]}
    async with org.client(**CLEARED) as client:
        await client.post(f"/v1/incidents/{incident['id']}/seal", json=because)
        cleared = (await client.post("/v1/batch/permissions", json=asked)).json()

    async with org.client(**OFFICER) as client:
        hidden = (await client.post("/v1/batch/permissions", json=asked)).json()

    assert [value is not None for value in before.values()] == [True, True]
    assert [value is not None for value in cleared.values()] == [True, True]
    assert list(hidden.values()) == [None, None]
