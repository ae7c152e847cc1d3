"""Abuse case 20 of reliability.md §3.6 while org is away: a copy keeps the seal as org would."""

from collections.abc import Mapping
from typing import Any

import httpx

from gateway.app import create_app
from gateway.errors import Service
from gateway.settings import Settings
from tests.databases import Postgres
from tests.harness import Harness
from tests.security.test_gateway_14_to_16 import served
from tests.services.plans import city
from tests.tokens import Issuer

NODE = "query($id: ID!) { node(id: $id) { id __typename } }"
OFFICER: dict[str, Any] = {"roles": ["duty_officer", "viewer"], "areas": [city.CITY]}
CLEARED: dict[str, Any] = OFFICER | {"roles": ["duty_officer", "viewer", "sealed_reader"]}


async def test_20_while_org_is_away_the_copy_of_a_sealed_incident_is_for_the_cleared_alone(
    postgres: Postgres, issuer: Issuer
):
    async with Harness.open("plans", postgres, issuer) as plans, served(plans.app) as address:
        for id in ("inc_open", "inc_sealed"):
            await city.hear_incident(plans, "declared", city.incident(id))
        await city.hear_incident(plans, "sealed", city.incident("inc_sealed", sealed=True))
        away = {service: "http://127.0.0.1:1" for service in Service}
        app = create_app(Settings(urls=away | {Service.PLANS: address}, issuers=(issuer.trusted,)))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://gateway"
            ) as client,
        ):

            async def node(id: str, who: Mapping[str, Any]) -> Any:
                response = await client.post(
                    "/graphql",
                    json={"query": NODE, "variables": {"id": id}},
                    headers={"Authorization": f"Bearer {issuer.token(**who)}"},
                )
                told = response.json()
                return told["data"]["node"], str(told.get("errors")).replace(id, "<id>")

            hidden = await node("inc_sealed", OFFICER)
            missing = await node("inc_none", OFFICER)
            known, _ = await node("inc_open", OFFICER)
            seen, _ = await node("inc_sealed", CLEARED)

    assert hidden == missing
    assert hidden[0] is None
    assert known == {"id": "inc_open", "__typename": "Incident"}
    assert seen == {"id": "inc_sealed", "__typename": "Incident"}
