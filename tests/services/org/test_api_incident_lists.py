"""Incidents as they are listed, filtered, paged and read in batches."""

from datetime import timedelta
from typing import Any

from tests.harness import START, Harness
from tests.services.org.incidents import declared, fact


async def test_a_list_shows_no_exercise_that_was_not_asked_for(officer: Any) -> None:
    await declared(officer, mode="EXERCISE")
    real = await declared(officer)

    shown = (await officer.get("/v1/incidents")).json()["nodes"]

    assert [one["id"] for one in shown] == [real["id"]]


async def test_lists_filter_order_and_page(org: Harness, officer: Any) -> None:
    ids = []
    for minute, (code, deaths) in enumerate([("410105", 3), ("410100", 1), ("410100", 4)]):
        org.clock.set(START + timedelta(minutes=40 * minute))
        ids.append(
            (await declared(officer, jurisdiction=code, facts=[fact("deaths", deaths)]))["id"]
        )

    async def shown(**params: Any) -> list[str]:
        answer = await officer.get("/v1/incidents", params=params)
        return [one["id"] for one in answer.json()["nodes"]]

    assert await shown() == [ids[2], ids[0], ids[1]]
    assert await shown(orderBy="DECLARED_DESC") == [ids[2], ids[1], ids[0]]
    assert await shown(jurisdiction="410105") == [ids[0]]
    assert await shown(jurisdiction="410100", includeSubordinate=False) == [ids[2], ids[1]]
    assert await shown(atLeast="GRADE_III") == [ids[2], ids[0]]
    assert await shown(**{"class": "NATURAL_DISASTER"}) == []
    assert await shown(text="PIT") == [ids[2], ids[0], ids[1]]
    first = (await officer.get("/v1/incidents", params={"first": 2})).json()
    assert first["hasNextPage"] is True
    assert await shown(first=2, after=first["endCursor"]) == [ids[1]]


async def test_an_incident_is_read_by_id_number_and_batch(officer: Any) -> None:
    incident = await declared(officer)

    by_number = await officer.post(
        "/v1/batch/incidents-by-number", json={"keys": [incident["number"], "410100-20260601-999"]}
    )
    masked = await officer.post(
        "/v1/batch/incidents", json={"keys": [incident["id"]], "fields": ["title"]}
    )
    listed = await officer.get("/v1/incidents", params={"number": incident["number"]})
    opened = await officer.post("/v1/batch/open-incidents", json={"keys": ["410100", "410105"]})

    assert by_number.json() == {incident["number"]: incident, "410100-20260601-999": None}
    assert masked.json() == {incident["id"]: {"id": incident["id"], "title": incident["title"]}}
    assert listed.json()["nodes"] == [incident]
    assert opened.json() == {"410100": [incident], "410105": []}
