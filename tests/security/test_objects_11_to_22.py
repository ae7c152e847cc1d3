"""Abuse cases 11-13, 17 and 20-22 of reliability.md §3.6: one's own objects, and nobody else's."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.databases import Postgres
from tests.harness import Harness, app_of
from tests.security.districts import COMMANDER, HERE, OFFICER, STRANGER, declared, settle, told
from tests.services.org.incidents import body, fact
from tests.tokens import Issuer

MISSING = "inc_none"
ON_AN_INCIDENT: dict[str, dict[str, Any] | None] = {
    "": None,
    "/figures": None,
    "/facts": {"expectedVersion": 1, "facts": [fact("deaths", 1)]},
    "/status": {"expectedVersion": 1, "status": "RESPONDING", "reason": "x"},
    "/close": {"expectedVersion": 1},
    "/seal": {"expectedVersion": 1, "reason": "x"},
}


@pytest.fixture(scope="module")
async def org(postgres: Postgres, issuer: Issuer) -> AsyncIterator[Harness]:
    async with Harness.open("org", postgres, issuer) as opened:
        await settle(opened)
        yield opened


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that are sent to a database."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def ask(client: Any, id: str, path: str) -> Any:
    of = ON_AN_INCIDENT[path]
    url = f"/v1/incidents/{id}{path}"
    return await (client.get(url) if of is None else client.post(url, json=of))


@pytest.mark.parametrize("path", ON_AN_INCIDENT)
async def test_11_what_is_anothers_is_answered_as_what_does_not_exist(org: Harness, path: str):
    incident = await declared(org)
    async with org.client(**STRANGER) as stranger:
        await ask(stranger, MISSING, path)  # what is learnt once is learnt
        with counted() as for_missing:
            missing = await ask(stranger, MISSING, path)
        with counted() as for_foreign:
            foreign = await ask(stranger, incident["id"], path)
    async with org.client(**COMMANDER) as commander:
        own = await ask(commander, incident["id"], path)

    assert told(foreign, incident["id"]) == told(missing, MISSING)
    assert foreign.status_code == 404
    assert own.status_code in (200, 409)  # whatever is decided, it is about the incident
    if path == "":
        # the same work is done for both, so that their times tell nothing
        assert for_foreign == for_missing


async def test_11_a_batch_answers_what_is_anothers_as_missing(org: Harness):
    incident = await declared(org)
    keys = [incident["id"], MISSING]
    async with org.client(**STRANGER) as stranger:
        found = await stranger.post("/v1/batch/incidents", json={"keys": keys})
        named = await stranger.post(
            "/v1/batch/incidents-by-number", json={"keys": [incident["number"]]}
        )

    assert found.json() == {incident["id"]: None, MISSING: None}
    assert named.json() == {incident["number"]: None}


async def test_12_nobody_declares_in_a_sibling_district_and_the_attempt_is_kept(org: Harness):
    place = {"type": "Point", "coordinates": [113.1, 34.1]}
    async with org.client(**STRANGER) as stranger:
        refused = await stranger.post("/v1/incidents", json=body(jurisdiction=HERE, place=place))
    async with org.client(roles=["operator"]) as operator:
        kept = await operator.get(
            "/v1/operator/audit/records", params={"subject": "mallory", "first": 1}
        )

    problem = refused.json()
    assert (refused.status_code, problem["slug"]) == (403, "not-permitted")
    assert problem["action"] == "declare_incident"
    assert problem["grantableBy"]
    (record,) = kept.json()["nodes"]
    assert (record["decision"], record["action"]) == ("REFUSED", "declare_incident")
    async with org.client(**OFFICER) as officer:
        listed = await officer.get("/v1/incidents", params={"jurisdiction": HERE, "first": 100})
    assert place not in [one["place"] for one in listed.json()["nodes"]]


@pytest.mark.parametrize("path", ["incidents", "log-entries", "orders", "tasks", "obligations"])
async def test_13_a_list_of_another_area_is_empty(org: Harness, path: str):
    incident = await declared(org)
    asked = {"jurisdiction": HERE, "count": "true"}
    async with org.client(**OFFICER) as officer:
        entry = {
            "jurisdiction": HERE,
            "kind": "CALL",
            "text": "called",
            "incident": incident["id"],
            "at": incident["declaredAt"],
        }
        logged = await officer.post("/v1/log-entries", json=entry)
        assert logged.status_code == 201, logged.text
        own = await officer.get(f"/v1/{path}", params=asked)
    async with org.client(**STRANGER) as stranger:
        foreign = await stranger.get(f"/v1/{path}", params=asked)

    assert foreign.status_code == 200, foreign.text
    assert (foreign.json()["nodes"], foreign.json()["totalCount"]) == ([], 0)
    if path in ("incidents", "log-entries"):
        assert own.json()["totalCount"] > 0


@pytest.mark.parametrize(
    "more",
    [
        {"status": "CLOSED"},
        {"unitId": "org_410100_committee"},
        {"organizationId": "org_410100_committee"},
        {"role": "commander"},
        {"id": "inc_mine"},
        {"version": 9},
        {"sealed": False},
        {"declaredBy": "wang"},
        {"unit_id": "org_410100_committee"},
    ],
)
async def test_17_a_member_that_is_not_asked_for_is_refused(org: Harness, more: dict[str, Any]):
    async with org.client(**OFFICER) as officer:
        before = (await officer.get("/v1/incidents?count=true")).json()["totalCount"]
        refused = await officer.post("/v1/incidents", json=body(jurisdiction=HERE) | more)
        after = (await officer.get("/v1/incidents?count=true")).json()["totalCount"]

    assert refused.status_code == 422
    assert after == before


@pytest.mark.parametrize("service", ["org", "plans", "guarantee", "analytics"])
def test_17_no_command_of_any_service_takes_more_than_it_names(service: str):
    document = app_of(service).openapi()
    schemas = document["components"]["schemas"]
    taken = {
        reference["$ref"].rpartition("/")[2]
        for operations in document["paths"].values()
        for operation in operations.values()
        for media in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in (reference := media["schema"])
    }
    open_ones = {name for name in taken if schemas[name].get("additionalProperties") is not False}

    assert taken
    assert open_ones == set()


async def test_20_a_sealed_incident_is_there_only_for_who_is_cleared(org: Harness):
    incident = await declared(org)
    url = f"/v1/incidents/{incident['id']}"
    async with org.client(**COMMANDER) as commander:
        sealed = await commander.post(
            f"{url}/seal", json={"expectedVersion": incident["version"], "reason": "leak"}
        )
    assert sealed.status_code == 200, sealed.text

    async with org.client(**OFFICER) as officer:
        found = [await officer.get(f"{url}{path}") for path in ("", "/figures")]
        missing = [await officer.get(f"/v1/incidents/{MISSING}{path}") for path in ("", "/figures")]
        listed = await officer.get("/v1/incidents", params={"jurisdiction": HERE, "first": 100})
        changed = await officer.post(f"{url}/facts", json=ON_AN_INCIDENT["/facts"])
    cleared = OFFICER | {"subject": "clear", "roles": ["duty_officer", "viewer", "sealed_reader"]}
    async with org.client(**cleared) as reader:
        seen = await reader.get(url)

    for one, none in zip(found, missing, strict=True):
        assert told(one, incident["id"]) == told(none, MISSING)
    assert found[0].status_code == 404
    assert changed.status_code == 404
    assert incident["id"] not in [one["id"] for one in listed.json()["nodes"]]
    assert (seen.status_code, seen.json()["id"]) == (200, incident["id"])


async def test_21_an_incident_is_not_closed_before_its_time_nor_in_an_old_version(org: Harness):
    incident = await declared(org)
    url = f"/v1/incidents/{incident['id']}"
    async with org.client(**COMMANDER) as commander:
        jumped = await commander.post(
            f"{url}/status",
            json={"expectedVersion": incident["version"], "status": "RECOVERING", "reason": "x"},
        )
        moved = await commander.post(
            f"{url}/status",
            json={"expectedVersion": incident["version"], "status": "RESPONDING", "reason": "go"},
        )
        stale = await commander.post(
            f"{url}/facts", json={"expectedVersion": incident["version"], "facts": [fact("a", 1)]}
        )
        undeclared = await commander.post(
            f"/v1/incidents/{MISSING}/close", json={"expectedVersion": 1}
        )

    assert (jumped.status_code, jumped.json()["currentStatus"]) == (409, "DECLARED")
    assert moved.status_code == 200
    assert (stale.status_code, stale.json()["slug"]) == (409, "version-conflict")
    assert stale.json()["currentVersion"] == moved.json()["version"]
    assert undeclared.status_code == 404


async def test_22_who_entered_a_figure_does_not_confirm_it(org: Harness):
    # a jump of two grades waits for a second person
    incident = await declared(org)
    url = f"/v1/incidents/{incident['id']}"
    async with org.client(**OFFICER) as officer:
        typed = await officer.post(
            f"{url}/facts",
            json={
                "expectedVersion": incident["version"],
                "facts": [fact("deaths", 300, unit="person")],
            },
        )
        attention = typed.json()["attention"][0]
        confirm = f"{url}/figures/{attention['figureId']}/confirm"
        by_whom = {"expectedVersion": typed.json()["version"]}
        own = await officer.post(confirm, json=by_whom)
        may = await officer.post(
            "/v1/batch/permissions", json={"keys": [f"incident:{incident['id']}"]}
        )
    async with org.client(**COMMANDER) as second:
        other = await second.post(confirm, json=by_whom)

    assert (own.status_code, own.json()["slug"]) == (409, "second-person-required")
    assert own.json()["reason"]
    assert other.status_code == 200, other.text
    actions = {one["action"] for one in may.json()[f"incident:{incident['id']}"]}
    assert "confirm_figure" in actions
