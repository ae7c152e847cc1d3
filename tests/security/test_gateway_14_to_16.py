"""Abuse cases 14-16 of reliability.md §3.6: the gateway gives no way round what a service hides."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fastapi import FastAPI

from contracts.org import v1 as contract
from gateway.app import create_app
from gateway.errors import Service
from gateway.settings import Settings
from services.analytics.app import create_app as create_analytics
from tests.databases import Postgres
from tests.harness import START, Harness
from tests.security.districts import BESIDE, CITY, COMMANDER, HERE, OFFICER, STRANGER, declared
from tests.security.districts import settle as settled
from tests.tokens import Issuer
from vocabulary import Mode

MISSING = "inc_none"


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Answer for the service on a socket of its own; yields its address."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as inside:

        async def forward(request: web.Request) -> web.Response:
            headers = {
                name: value
                for name, value in request.headers.items()
                if name.lower() in ("authorization", "content-type", "idempotency-key")
            }
            answer = await inside.request(
                request.method,
                str(request.rel_url),
                content=await request.read(),
                headers=headers,
            )
            kept = {"Content-Type": answer.headers.get("content-type", "application/json")}
            return web.Response(status=answer.status_code, body=answer.content, headers=kept)

        outside = web.Application()
        outside.router.add_route("*", "/{path:.*}", forward)
        async with TestServer(outside, host="127.0.0.1") as server:
            yield str(server.make_url("")).rstrip("/")


@dataclass(slots=True)
class City:
    """Org behind a gateway, with an incident in each of two districts, and one that is sealed."""

    org: Harness
    client: httpx.AsyncClient
    issuer: Issuer
    here: Mapping[str, Any]
    beside: Mapping[str, Any]
    sealed: Mapping[str, Any]

    async def ask(self, who: Mapping[str, Any], document: str, **variables: Any) -> Any:
        """What the gateway answers to somebody: data, and the codes of the errors."""
        token = self.issuer.token(**who)
        response = await self.client.post(
            "/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {token}"},
        )
        told = response.json()
        errors = told.get("errors") or []
        return told.get("data"), [one["extensions"]["code"] for one in errors], errors


@pytest.fixture(scope="module")
async def city(postgres: Postgres, issuer: Issuer) -> AsyncIterator[City]:
    async with Harness.open("org", postgres, issuer) as org, served(org.app) as address:
        await settled(org)
        here, sealed = await declared(org), await declared(org)
        async with org.client(**STRANGER) as other:
            place = {"type": "Point", "coordinates": [112.1, 33.1]}
            body = {"jurisdiction": BESIDE, "emergencyType": "12A01", "title": "x", "place": place}
            beside = (await other.post("/v1/incidents", json=body)).json()
        async with org.client(**COMMANDER) as commander:
            done = await commander.post(
                f"/v1/incidents/{sealed['id']}/seal",
                json={"expectedVersion": sealed["version"], "reason": "leak"},
            )
        assert done.status_code == 200, done.text
        away = {service: "http://127.0.0.1:1" for service in Service}
        app = create_app(Settings(urls=away | {Service.ORG: address}, issuers=(issuer.trusted,)))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://gateway"
            ) as client,
        ):
            yield City(org, client, issuer, here, beside, sealed)


NODE = "query($id: ID!) { node(id: $id) { id __typename } }"


async def test_14_the_node_of_another_district_is_null_as_what_does_not_exist(city: City):
    foreign = await city.ask(STRANGER, NODE, id=city.here["id"])
    missing = await city.ask(STRANGER, NODE, id=MISSING)
    own = await city.ask(OFFICER, NODE, id=city.here["id"])

    assert foreign[:2] == missing[:2] == ({"node": None}, ["INCIDENT_NOT_FOUND"])
    messages = [errors[0]["message"] for _, _, errors in (foreign, missing)]
    assert messages[0].replace(city.here["id"], MISSING) == messages[1]
    assert own[0]["node"] == {"id": city.here["id"], "__typename": "Incident"}


async def test_14_neither_number_nor_seal_gives_it_away(city: City):
    by_number = "query($n: String!) { incident(number: $n) { id } }"
    foreign = await city.ask(STRANGER, by_number, n=city.here["number"])
    sealed = await city.ask(OFFICER, NODE, id=city.sealed["id"])

    assert foreign[:2] == ({"incident": None}, ["INCIDENT_NOT_FOUND"])
    assert sealed[:2] == ({"node": None}, ["INCIDENT_NOT_FOUND"])


AROUND = """
query($code: String!) {
  jurisdiction(code: $code) {
    openIncidents { id }
    parent { openIncidents { id } children { code openIncidents { id log { text } } } }
  }
}
"""


async def test_15_the_way_over_the_parent_leads_to_nothing_of_a_sibling(city: City):
    found, codes, _ = await city.ask(OFFICER, AROUND, code=HERE)
    other, _, _ = await city.ask(STRANGER, AROUND, code=BESIDE)

    def seen(answer: Any) -> dict[str, list[str]]:
        children = answer["jurisdiction"]["parent"]["children"]
        return {one["code"]: [each["id"] for each in one["openIncidents"]] for one in children}

    assert codes == []
    assert seen(found) == {HERE: [city.here["id"]], BESIDE: []}
    assert seen(other) == {HERE: [], BESIDE: [city.beside["id"]]}
    below = [each["id"] for each in found["jurisdiction"]["parent"]["openIncidents"]]
    assert city.beside["id"] not in below
    assert city.sealed["id"] not in below


COUNT = "query { incidents { totalCount nodes { id } } log { totalCount } }"
MAY = "query($id: ID!) { incident(id: $id) { viewerPermissions { action allowed grantableBy } } }"


async def test_16_a_total_counts_only_what_the_viewer_may_see(city: City):
    whole = {"subject": "zhang", "roles": ["viewer", "sealed_reader"], "areas": [CITY]}
    officer, _, _ = await city.ask(OFFICER, COUNT)
    stranger, _, _ = await city.ask(STRANGER, COUNT)
    everything, _, _ = await city.ask(whole, COUNT)
    nobody, _, _ = await city.ask({"subject": "x", "roles": ["viewer"], "areas": []}, COUNT)

    totals = [
        answer["incidents"]["totalCount"] for answer in (officer, stranger, everything, nobody)
    ]
    assert totals == [1, 1, 3, 0]
    assert officer["incidents"]["nodes"] == [{"id": city.here["id"]}]


async def test_16_the_situation_counts_no_incident_of_another_district(
    postgres: Postgres, issuer: Issuer
):
    @asynccontextmanager
    async def without_warehouse(_runtime: Any) -> AsyncIterator[Any]:
        yield None

    async with Harness.open(create_analytics(without_warehouse), postgres, issuer) as analytics:
        for number, area in enumerate((HERE, HERE, BESIDE)):
            incident = contract.Incident(
                id=f"inc_{number}",
                number=f"{area}-20260601-00{number}",
                mode=Mode.REAL,
                title="x",
                emergency_type="12A01",
                status="DECLARED",
                jurisdiction=area,
                declared_at=START,
            )
            await analytics.deliver(
                contract.IncidentDeclared(incident=incident),
                service="org",
                aggregate="incident",
                event="declared",
                id=incident.id,
                area=area,
            )
        counted = {}
        for name, areas in {"here": [HERE], "beside": [BESIDE], "city": [CITY]}.items():
            async with analytics.client(areas=areas) as viewer:
                asked = {"keys": [HERE, BESIDE, CITY], "args": {"mode": "REAL"}}
                told = (await viewer.post("/v1/batch/situations", json=asked)).json()
            counted[name] = [told[code]["openIncidents"] for code in (HERE, BESIDE, CITY)]

    # of the city as a whole each counts what lies in an own district, and no more
    assert counted == {"here": [2, 0, 2], "beside": [0, 1, 1], "city": [2, 1, 3]}


async def test_what_the_viewer_may_do_is_told_through_the_gateway(city: City):
    officer, codes, _ = await city.ask(OFFICER, MAY, id=city.here["id"])
    viewer, _, _ = await city.ask(
        {"subject": "v", "roles": ["viewer"], "areas": [HERE]}, MAY, id=city.here["id"]
    )

    may = {
        name: {one["action"]: one for one in answer["incident"]["viewerPermissions"]}
        for name, answer in {"officer": officer, "viewer": viewer}.items()
    }
    assert codes == []
    assert may["officer"]["record_facts"]["allowed"] is True
    assert may["viewer"]["record_facts"]["allowed"] is False
    assert may["viewer"]["record_facts"]["grantableBy"]
