"""Bodies of requests on incidents, and the requests that most tests begin with."""

from typing import Any

from tests.harness import START

PLACE = {"type": "Point", "coordinates": [113.62, 34.75]}
NEAR = {"type": "Point", "coordinates": [113.6243, 34.75]}  # 393 m east
FAR = {"type": "Point", "coordinates": [113.70, 34.75]}


def body(**more: Any) -> dict[str, Any]:
    return {
        "jurisdiction": "410100",
        "emergencyType": "12A01",
        "title": "collapse in a pit",
        "place": PLACE,
    } | more


def fact(metric: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {
        "metric": metric,
        "value": value,
        "unit": "1",
        "source": "health:hospital",
        "observedAt": START.isoformat(),
    } | more


async def declared(client: Any, **more: Any) -> dict[str, Any]:
    answer = await client.post("/v1/incidents", json=body(**more))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def record(client: Any, incident: dict[str, Any], *facts: dict[str, Any]) -> Any:
    return await client.post(
        f"/v1/incidents/{incident['id']}/facts",
        json={"expectedVersion": incident["version"], "facts": list(facts)},
    )
